-- What the commands ask. `stored_*` are the Delta tables as they stand; the views below show each document once, with
-- the rows of the batch that brought it.

CREATE VIEW documents AS
SELECT * FROM stored_documents
QUALIFY row_number() OVER (PARTITION BY id ORDER BY added, batch) = 1;

CREATE VIEW actors AS
SELECT a.* FROM stored_actors a SEMI JOIN documents d ON a.document = d.id AND a.batch = d.batch;

CREATE VIEW mentions_as_read AS
SELECT m.* FROM stored_mentions m SEMI JOIN documents d ON m.document = d.id AND m.batch = d.batch;

-- What holds: as it was read, since nothing has been corrected. Where something has, corrected.sql puts another in its
-- place, so that a ledger without corrections pays nothing for them.
CREATE VIEW mentions AS
SELECT *, false AS corrected FROM mentions_as_read;

CREATE VIEW attributions AS
SELECT q.* FROM stored_attributions q SEMI JOIN documents d ON q.document = d.id AND q.batch = d.batch;

CREATE VIEW figures AS
SELECT f.* FROM stored_figures f SEMI JOIN documents d ON f.document = d.id AND f.batch = d.batch;

-- Corrections with the mention that each is of now (`id_now`), and whether it is the last word on it; see corrected.sql.
CREATE VIEW corrections AS
SELECT *, CAST(NULL AS VARCHAR) AS id_now, false AS holds FROM stored_corrections;

-- One row a correction: what was read, what is right (as it was read where it is null), who says so.
CREATE VIEW correction_rows AS
SELECT c.mention, c.verdict, c.holds, c."by", c."at", c.note,
       c.said."type" AS said_type, c.said.mode AS said_mode, c.said.modality AS said_modality,
       c.said.sources AS said_sources, c.said.targets AS said_targets,
       c."type", c.mode, c.modality,
       [coalesce(s.code, s.text) FOR s IN c.sources] AS sources,
       [coalesce(t.code, t.text) FOR t IN c.targets] AS targets,
       m.sentence."text" AS sentence, c.id_now, c.document, c.id, c."after"
FROM corrections c LEFT JOIN mentions_as_read m ON m.id = c.id_now;

CREATE VIEW failures AS
SELECT * FROM stored_failures
QUALIFY row_number() OVER (PARTITION BY id ORDER BY added) = 1;

-- Event data that others coded: each file once, with the rows of the batch that brought it whole.
CREATE VIEW imports AS
SELECT * FROM stored_imports
QUALIFY row_number() OVER (PARTITION BY dataset, sha256 ORDER BY added, batch) = 1;

CREATE VIEW coded AS
SELECT c.* FROM stored_coded c SEMI JOIN imports i ON c.batch = i.batch;

CREATE VIEW reports AS
SELECT r.* FROM stored_reports r SEMI JOIN imports i ON r.batch = i.batch;

CREATE VIEW events AS
SELECT * REPLACE (coalesce(corrected, false) AS corrected) FROM stored_events;

-- Forecasts that were issued: the first of those that are the same.
CREATE VIEW forecasts AS
SELECT * FROM stored_forecasts
QUALIFY row_number() OVER (PARTITION BY id ORDER BY issued) = 1;

-- One row a mention, with the speaker on whose word it stands and the article that it comes from.
CREATE VIEW mention_rows AS
SELECT m.id,
       m."when"."start" AS start_date,
       m."when"."end" AS end_date,
       m."when"."from" AS date_from,
       list_distinct([s.country FOR s IN m.sources IF s.country IS NOT NULL]) AS source_countries,
       [coalesce(s.code, s.text) FOR s IN m.sources] AS source,
       [s.text FOR s IN m.sources] AS source_words,
       m."type", m.mode, m.quad, m.intensity, m.modality, m.factuality.verdict AS factuality,
       list_distinct([t.country FOR t IN m.targets IF t.country IS NOT NULL]) AS target_countries,
       [coalesce(t.code, t.text) FOR t IN m.targets] AS target,
       [t.text FOR t IN m.targets] AS target_words,
       q.speaker."name" AS speaker,
       q.speaker.country AS speaker_country,
       q.stance,
       m."where"."name" AS place,
       m.confidence, m.corrected,
       m.trigger."text" AS trigger,
       m.sentence."text" AS sentence,
       d.published, d.title, d.publisher, m.document
FROM mentions m
JOIN documents d ON d.id = m.document
LEFT JOIN attributions q ON q.id = m.attribution;

-- One row a merged event: who did what to whom by all reports together, and how many there are.
CREATE VIEW event_rows AS
SELECT e.id,
       e.start_date, e.end_date, e.date_from,
       list_distinct([s.country FOR s IN e.sources IF s.country IS NOT NULL]) AS source_countries,
       [coalesce(s.code, s."name") FOR s IN e.sources] AS source,
       [s."name" FOR s IN e.sources] AS source_words,
       e."type", e.mode, e.quad, e.intensity, e.modality,
       list_distinct([t.country FOR t IN e.targets IF t.country IS NOT NULL]) AS target_countries,
       [coalesce(t.code, t."name") FOR t IN e.targets] AS target,
       [t."name" FOR t IN e.targets] AS target_words,
       len(e.mentions) AS mentions,
       e.reports, e.independent_sources,
       [coalesce(s."name", s.country, 'somebody') FOR s IN e.asserted_by] AS asserted_by,
       [coalesce(s."name", s.country, 'somebody') FOR s IN e.doubted_by] AS doubted_by,
       [coalesce(s."name", s.country, 'somebody') FOR s IN e.denied_by] AS denied_by,
       list_distinct([s.country FOR s IN list_concat(e.asserted_by, e.doubted_by, e.denied_by)
                      IF s.country IS NOT NULL]) AS speaker_countries,
       e.place."name" AS place,
       e.confidence, e.corrected,
       m.trigger."text" AS trigger,
       m.sentence."text" AS sentence,
       e.first_report, e.last_report
FROM events e
LEFT JOIN mentions_as_read m ON m.id = e.mentions[1];

-- The table for studies: one row an act of any origin, merged from readings ('tertius') or coded by a data set. `date`
-- and `end` are days, both included; the first source and target stand for all (`dyads` has every pair); where actors
-- act on one another without a target, the second of them stands as the target.
CREATE VIEW acts AS
SELECT e.id,
       'tertius' AS origin,
       e.start_date AS "date",
       e.end_date AS "end",
       e.sources[1]."name" AS source_name,
       e.sources[1].country AS source_country,
       e.sources[1].sector AS source_sector,
       coalesce(e.targets[1], CASE WHEN e.reciprocal THEN e.sources[2] END)."name" AS target_name,
       coalesce(e.targets[1], CASE WHEN e.reciprocal THEN e.sources[2] END).country AS target_country,
       coalesce(e.targets[1], CASE WHEN e.reciprocal THEN e.sources[2] END).sector AS target_sector,
       e."type", e.mode, e.quad, e.intensity, e.modality,
       len(e.mentions) AS mentions,
       e.independent_sources,
       e.confidence,
       e.place."name" AS place,
       e.place.country AS place_country,
       e.place.latitude AS latitude,
       e.place.longitude AS longitude,
       e.first_report, e.last_report, e.corrected
FROM events e
UNION ALL
SELECT id, dataset, "date", coalesce("end", "date"),
       source_name, source_country, source_sector, target_name, target_country, target_sector,
       "type", mode, quad, intensity, modality,
       mentions, sources, NULL, place, place_country, latitude, longitude, published, published, false
FROM coded;

-- One row for each pair of a source and a target of an act, both ways where they act on one another.
CREATE VIEW dyads AS
WITH sides AS (
    SELECT id, 'tertius' AS origin, start_date AS "date", end_date AS "end", "type", mode, quad, intensity, modality,
           confidence, independent_sources,
           CASE WHEN reciprocal THEN list_concat(sources, targets) ELSE sources END AS sources,
           CASE WHEN reciprocal THEN list_concat(sources, targets) ELSE targets END AS targets
    FROM events
)
SELECT x.id, x.origin, x."date", x."end",
       s.source.country AS source_country, s.source.sector AS source_sector,
       t.target.country AS target_country, t.target.sector AS target_sector,
       x."type", x.mode, x.quad, x.intensity, x.modality, x.independent_sources, x.confidence
FROM sides x, unnest(x.sources) AS s(source), unnest(x.targets) AS t(target)
WHERE s.source <> t.target
UNION ALL
SELECT id, dataset, "date", coalesce("end", "date"), source_country, source_sector, target_country, target_sector,
       "type", mode, quad, intensity, modality, sources, NULL
FROM coded
WHERE target_name IS NOT NULL OR target_country IS NOT NULL;

-- The convention of ICEWS and Phoenix users: the same source, target and type count once a day.
CREATE VIEW one_a_day AS
SELECT origin, "date", source_country, source_sector, target_country, target_sector, "type",
       any_value(quad) AS quad,
       avg(intensity) AS intensity,
       count(*) AS acts,
       min(id) AS id
FROM dyads
WHERE modality = 'actual' OR modality IS NULL
GROUP BY ALL;

-- One row an attribution, its spans joined into the words that were said. `chain` names the speakers from the outermost,
-- who reports, to this one, who is reported.
CREATE VIEW quote_rows AS
WITH RECURSIVE chains AS (
    SELECT id, [coalesce(speaker."name", 'somebody')] AS chain FROM attributions WHERE "within" IS NULL
    UNION ALL
    SELECT q.id, list_append(c.chain, coalesce(q.speaker."name", 'somebody'))
    FROM attributions q JOIN chains c ON q."within" = c.id
)
SELECT q.id,
       q.speaker."name" AS speaker,
       q.speaker.country AS country,
       q.speaker.sector AS sector,
       q.speaker.anonymous AS anonymous,
       q.speaker_certain,
       q.kind, q.stance, q.force,
       chains.chain,
       array_to_string([c.text FOR c IN q.cue], ' ... ') AS cue,
       array_to_string([c.text FOR c IN q.content], ' ... ') AS content,
       d.published, d.title, d.publisher, q.document
FROM attributions q
JOIN documents d ON d.id = q.document
LEFT JOIN chains ON chains.id = q.id;

-- One row a figure, with the countries that it lies between and the speaker on whose word it stands.
CREATE VIEW figure_rows AS
SELECT f.id, f."text", f."value", f.low, f.high, f.unit, f.measure, f.change,
       f.period."start" AS start_date,
       f.period."end" AS end_date,
       (SELECT list(DISTINCT a.country ORDER BY a.country) FROM actors a
        WHERE a.document = f.document AND list_contains(f."between", a.id) AND a.country IS NOT NULL) AS countries,
       q.speaker."name" AS speaker,
       q.speaker.country AS speaker_country,
       q.stance,
       d.published, d.title, d.publisher, f.document
FROM figures f
JOIN documents d ON d.id = f.document
LEFT JOIN attributions q ON q.id = f.attribution;

-- The stems of the words that say something, to tell whether two sentences speak of the same thing.
CREATE MACRO telling_words(phrase) AS list_distinct([
    left(w, 4) FOR w IN string_split_regex(lower(coalesce(phrase, '')), '[^\p{L}\d]+')
    IF length(w) > 3 AND w NOT IN ('that', 'this', 'they', 'them', 'their', 'there', 'have', 'been', 'were', 'with', 'from',
                                   'said', 'says', 'denied', 'denies', 'which', 'when', 'would', 'about', 'after', 'into')
]);

-- Two sides of one act or figure: what one speaker asserts (`speaker`) and another denies, doubts or gives differently
-- (`other_speaker`). The rules are told in docs/attribution.md.
CREATE VIEW dispute_rows AS
WITH parties AS (
    -- The same actor of an article, or the same country, unless the act is within one country.
    SELECT id, list_has_any([s.country FOR s IN sources], [t.country FOR t IN targets]) AS domestic,
           list_concat([coalesce(document || s.actor, lower(s.text)) FOR s IN sources],
                       [s.country FOR s IN sources IF NOT domestic AND s.country IS NOT NULL]) AS source_keys,
           list_concat([coalesce(document || t.actor, lower(t.text)) FOR t IN targets],
                       [t.country FOR t IN targets IF NOT domestic AND t.country IS NOT NULL]) AS target_keys
    FROM mentions
),
voices AS (
    SELECT id, speaker."name" AS voice, speaker.country AS country, stance,
           coalesce(speaker.country || ' ' || speaker.sector, speaker."name", 'somebody') AS side
    FROM attributions
),
acts AS (
    SELECT m.id, m.document, m."type", m.quad, m.trigger."start" AS place, lower(m.trigger."text") AS trigger,
           telling_words(m.trigger."text") AS trigger_words,
           m.sentence."text" AS sentence, telling_words(m.sentence."text") AS words,
           coalesce(m.factuality.verdict, 'asserted') AS verdict,
           m."when"."start" AS start_date, coalesce(m."when"."end", m."when"."start") AS end_date,
           p.source_keys, p.target_keys,
           list_distinct([s.country FOR s IN m.sources IF s.country IS NOT NULL]) AS source_countries,
           list_distinct([t.country FOR t IN m.targets IF t.country IS NOT NULL]) AS target_countries,
           list_distinct([coalesce(s.code, s.text) FOR s IN m.sources]) AS source, [s.text FOR s IN m.sources] AS source_words,
           list_distinct([coalesce(t.code, t.text) FOR t IN m.targets]) AS target, [t.text FOR t IN m.targets] AS target_words,
           CASE WHEN q.id IS NULL THEN 'the writer' ELSE coalesce(q.voice, 'somebody') END AS voice,
           coalesce(q.side, 'the writer') AS side, q.country AS voice_country,
           d.published, d.title
    FROM mentions m
    JOIN parties p ON p.id = m.id
    JOIN documents d ON d.id = m.document
    LEFT JOIN voices q ON q.id = coalesce(m.factuality."by", m.attribution)
),
-- Said of the same act: 'Sudan bombed the town', 'Sudan denied that it had bombed the town'.
contradicted AS (
    SELECT a.id, b.id AS other_id, b.voice AS other_voice, b.voice_country AS other_country, b.verdict AS other_verdict,
           a.voice, a.voice_country, 0 AS distance,
           len(list_intersect(a.words, b.words)) AS common
    FROM (SELECT *, unnest(source_keys) AS party FROM acts WHERE verdict IN ('asserted', 'alleged', 'believed', 'expected')) a
    JOIN (SELECT *, unnest(source_keys) AS party FROM acts WHERE verdict IN ('denied', 'doubted')) b
      ON a.party = b.party AND a.quad = b.quad AND a.side <> b.side
     AND (a.document = b.document OR abs(date_diff('day', a.published, b.published)) <= 7)
     AND coalesce(a.start_date <= b.end_date + 7 AND b.start_date <= a.end_date + 7, true)
    WHERE common > 1
      AND (common > 2 OR list_has_any(a.target_keys, b.target_keys) OR len(a.target_keys) = 0 OR len(b.target_keys) = 0)
      AND (a."type" = b."type" AND common > 2
           OR list_has_any(a.trigger_words, b.words) OR list_has_any(b.trigger_words, a.words))
),
-- Said of what was just said: 'Sudan denied it', 'Sudan rejected the accusation'.
answered AS (
    SELECT a.id, b.id AS other_id, array_to_string(b.source_words, '; ') AS other_voice,
           b.source_countries[1] AS other_country, 'denied' AS other_verdict,
           CASE WHEN a."type" = 'ACCUSE' THEN array_to_string(a.source_words, '; ') ELSE a.voice END AS voice,
           CASE WHEN a."type" = 'ACCUSE' THEN a.source_countries[1] ELSE a.voice_country END AS voice_country,
           b.place - a.place AS distance
    FROM acts a JOIN acts b ON a.document = b.document AND b.place BETWEEN a.place + 1 AND a.place + 600
    WHERE b."type" = 'REJECT' AND b.verdict IN ('asserted', 'alleged') AND a.verdict IN ('asserted', 'alleged', 'believed')
      AND (regexp_matches(b.trigger, '\b(den(y|ied|ies|ying)\b|denial|disput|refut|rebut)')
           OR regexp_matches(b.trigger, 'reject|dismiss') AND regexp_matches(lower(b.sentence), 'claim|charge|accus|alleg|report'))
      AND CASE WHEN a."type" = 'ACCUSE' THEN list_has_any(a.target_countries, b.source_countries)
               ELSE a.quad IN (2, 4) AND list_has_any(a.source_countries, b.source_countries)
                    AND NOT list_contains(b.source_countries, a.voice_country) END
    QUALIFY row_number() OVER (PARTITION BY b.id ORDER BY a."type" = 'ACCUSE', b.place - a.place) = 1
),
sides AS (
    SELECT id, other_id, other_voice, other_country, other_verdict, voice, voice_country, distance FROM contradicted
    UNION ALL FROM answered
),
numbers AS (
    SELECT f.id, f.document, f."text", f.unit, f.measure, lower(f.measure) AS measured,
           telling_words(substring(d.text, greatest(f."start" - 100, 0), 240)) AS words,
           coalesce(f.low, f.value) AS low, coalesce(f.high, f.value) AS high,
           f.period."start" AS start_date, coalesce(f.period."end", f.period."start") AS end_date,
           coalesce((SELECT list(DISTINCT a.country ORDER BY a.country) FROM actors a
                     WHERE a.document = f.document AND list_contains(f."between", a.id) AND a.country IS NOT NULL), []) AS countries,
           CASE WHEN q.id IS NULL THEN 'the writer' ELSE coalesce(q.voice, 'somebody') END AS voice,
           coalesce(q.side, 'the writer') AS side, q.country AS voice_country,
           coalesce(q.stance, 'asserts') IN ('denies', 'doubts') AS contested,
           d.published, d.title
    FROM figures f
    JOIN documents d ON d.id = f.document
    LEFT JOIN voices q ON q.id = f.attribution
    -- A measure that is the unit over again ('22 emails') does not tell what was counted.
    WHERE NOT list_has_all(telling_words(f.unit), telling_words(f.measure))
)
SELECT 'act' AS about, a.id, p.other_id, a."type", NULL AS measure,
       a.source, a.source_words, a.source_countries, a.target, a.target_words, a.target_countries,
       a.start_date, a.end_date,
       p.voice AS speaker, p.voice_country AS country, a.verdict, a.sentence AS words,
       p.other_voice AS other_speaker, p.other_country, p.other_verdict, b.sentence AS other_words,
       a.published, a.title, a.document, b.document AS other_document
FROM sides p
JOIN acts a ON a.id = p.id
JOIN acts b ON b.id = p.other_id
QUALIFY row_number() OVER (PARTITION BY a.id, p.other_voice ORDER BY p.distance, p.other_id) = 1
UNION ALL
SELECT 'figure', a.id, b.id, NULL, a.measure, [], [], a.countries, [], [], [], a.start_date, a.end_date,
       a.voice, a.voice_country, 'asserted', a."text", b.voice, b.voice_country,
       CASE WHEN b.contested THEN 'denied' ELSE 'given differently' END, b."text",
       a.published, a.title, a.document, b.document
FROM numbers a JOIN numbers b
  ON a.unit = b.unit AND a.measured = b.measured AND a.side <> b.side
 AND (a.countries = b.countries  -- a speaker's own country tells nothing of what he counts
      OR list_filter(a.countries, lambda c: c IS DISTINCT FROM a.voice_country)
       = list_filter(b.countries, lambda c: c IS DISTINCT FROM b.voice_country))
 AND len(list_intersect(a.words, b.words)) > 1
 AND (a.document = b.document OR abs(date_diff('day', a.published, b.published)) <= 7)
 AND coalesce(a.start_date <= b.end_date AND b.start_date <= a.end_date, true)
WHERE NOT a.contested
  AND CASE WHEN b.contested THEN a.low <= b.high AND b.low <= a.high
           ELSE a.id < b.id AND (a.high < 0.98 * b.low OR b.high < 0.98 * a.low) END;
