-- What is exported: one row an act in `export_acts` (with its first source and target, and lists of all), one row for each pair of a
-- source and a target in `export_pairs`. {told} is `events`, merged, or `mentions` as they stand.
CREATE TEMP VIEW told_events AS
SELECT e.id, e.start_date AS "date", e.end_date AS "end",
       CASE WHEN e.start_date IS NULL THEN 'unknown' WHEN e.end_date > e.start_date THEN 'range' ELSE 'day' END AS date_precision,
       e.sources, e.targets, e.reciprocal, e."type", e.mode, e.quad, e.intensity, e.modality, e.contexts, e.place, e.confidence, e.corrected,
       len(e.mentions) AS mentions, e.independent_sources, e.reports AS articles, e.first_report AS published,
       array_to_string([coalesce(s."name", s.country) FOR s IN e.asserted_by], '; ') AS asserted_by,
       array_to_string([coalesce(s."name", s.country) FOR s IN e.denied_by], '; ') AS denied_by,
       m.document, m.trigger."text" AS label, m.sentence."text" AS "text"
FROM events e LEFT JOIN mentions_as_read m ON m.id = e.mentions[1];

CREATE TEMP VIEW told_mentions AS
SELECT m.id, m."when"."start" AS "date", m."when"."end" AS "end", m."when"."precision" AS date_precision,
       [{{'name': s."text", 'country': s.country, 'sector': s.sector}} FOR s IN m.sources] AS sources,
       [{{'name': t."text", 'country': t.country, 'sector': t.sector}} FOR t IN m.targets] AS targets,
       m.reciprocal, m."type", m.mode, m.quad, m.intensity, m.modality, m.contexts, m."where" AS place, m.confidence, m.corrected,
       1 AS mentions, 1 AS independent_sources, 1 AS articles, d.published,
       CASE WHEN q.stance = 'asserts' THEN q.speaker."name" END AS asserted_by,
       CASE WHEN q.stance = 'denies' THEN q.speaker."name" END AS denied_by,
       m.document, m.trigger."text" AS label, m.sentence."text" AS "text"
FROM mentions m JOIN documents d ON d.id = m.document LEFT JOIN attributions q ON q.id = m.attribution;

CREATE TEMP VIEW told AS
SELECT e.id, 'tertius' AS dataset, coalesce(d.where_found, d.title, e.document) AS file, CAST(NULL AS BIGINT) AS line,
       e."date", e."end", e.date_precision, e.sources, e.targets, e.reciprocal,
       e."type", e.mode, e.quad, e.intensity, e.modality, e.contexts, e.label,
       e.place."name" AS place, e.place.country AS place_country, e.place.latitude AS latitude, e.place.longitude AS longitude,
       e.mentions, e.independent_sources, e.articles, coalesce(d.published, e.published) AS published, d.publisher, d.url,
       e."text", e.confidence, e.corrected, e.asserted_by, e.denied_by, e.document
FROM {told} e LEFT JOIN documents d ON d.id = e.document;

CREATE TEMP VIEW export_acts AS
SELECT * EXCLUDE (sources, targets, reciprocal),
       sources[1]."name" AS source_name, sources[1].country AS source_country, sources[1].sector AS source_sector,
       code(sources[1]) AS source_code,
       targets[1]."name" AS target_name, targets[1].country AS target_country, targets[1].sector AS target_sector,
       code(targets[1]) AS target_code,
       [coalesce(code(s), s."name") FOR s IN sources] AS all_sources,
       [coalesce(code(t), t."name") FOR t IN targets] AS all_targets
FROM told
UNION ALL BY NAME SELECT * EXCLUDE (batch) FROM coded;

CREATE TEMP VIEW export_pairs AS
SELECT t.* EXCLUDE (sources, targets, reciprocal),
       s.one."name" AS source_name, s.one.country AS source_country, s.one.sector AS source_sector, code(s.one) AS source_code,
       r.one."name" AS target_name, r.one.country AS target_country, r.one.sector AS target_sector, code(r.one) AS target_code
FROM told t,
     unnest(CASE WHEN t.reciprocal THEN list_concat(t.sources, t.targets) ELSE coalesce(nullif(t.sources, []), [NULL]) END) AS s(one),
     unnest(CASE WHEN t.reciprocal THEN list_concat(t.sources, t.targets) ELSE coalesce(nullif(t.targets, []), [NULL]) END) AS r(one)
WHERE NOT t.reciprocal OR s.one <> r.one
UNION ALL BY NAME SELECT * EXCLUDE (batch) FROM coded;
