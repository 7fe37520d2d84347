-- Acts of every origin side by side: events merged from readings ('tertius') and rows that a data set coded.

CREATE TABLE screen_read AS
SELECT s.id, s.source, s.target, e."day", CAST(e.quad AS TINYINT) AS quad, e."type", e.modality, v.place,
       v.reciprocal
FROM screen_sides s
JOIN screen e ON e.id = s.id
JOIN events v ON v.id = s.id;

CREATE VIEW screen_acts AS
SELECT id, 'tertius' AS origin, source, target, "day", quad, "type", modality,
       place."name" AS place, NULL AS province, place.country AS place_country,
       place.latitude AS latitude, place.longitude AS longitude, place.geonames AS geonames,
       NULL AS file, NULL AS line
FROM screen_read
UNION ALL
SELECT id, origin, source, target, "day", quad, "type", modality,
       place, province, place_country, latitude, longitude, NULL, file, line
FROM coded_acts;

-- What the studies of pairs and triads count, as studies/record.sql; `once`: the first of its pair, type and day.
CREATE TABLE read_ties AS
WITH ties AS (
    SELECT id, "date" AS "day", source_country AS source, target_country AS target, coalesce("type", 'OTHER') AS "type",
           CAST(quad AS TINYINT) AS quad, intensity,
           row_number() OVER (PARTITION BY "date", source_country, target_country, coalesce("type", 'OTHER')
                              ORDER BY quad, id) AS place
    FROM dyads
    WHERE origin = 'tertius' AND "date" IS NOT NULL AND quad BETWEEN 1 AND 4
      AND (modality = 'actual' OR modality IS NULL)
      AND source_country <> target_country
      AND coalesce(source_sector, '') NOT IN ('REB', 'UAF', 'CRM')
      AND coalesce(target_sector, '') NOT IN ('REB', 'UAF', 'CRM')
)
SELECT t.* EXCLUDE (place), place = 1 AND c.id IS NULL AS once
FROM ties t
LEFT JOIN (SELECT id, "day", source, target, coalesce("type", 'OTHER') AS "type" FROM coded_acts WHERE once) c
  ON c."day" = t."day" AND c.source = t.source AND c.target = t.target AND c."type" = t."type";

CREATE VIEW screen_ties AS
SELECT id, 'tertius' AS origin, "day", source, target, "type", quad, intensity, once FROM read_ties
UNION ALL
SELECT id, origin, "day", source, target, coalesce("type", 'OTHER'), quad, intensity, once FROM coded_acts WHERE tied;
