-- Event data of others as the pages count them: one row an act, sorted so that a pair lies together. A party is its
-- country, or else its sector, or else its name. `tied`: the studies of pairs and triads count it (studies/record.sql);
-- `once`: the first such of its pair, type and day.
CREATE TABLE {place}.coded_acts AS
WITH acts AS (
    SELECT coalesce(source_country, source_sector, source_name) AS source,
           coalesce(target_country, target_sector, target_name) AS target,
           "date" AS "day",
           CAST(coalesce(quad, 0) AS TINYINT) AS quad,  -- 0: of no class
           "type",
           coalesce(modality, 'actual') AS modality,
           dataset AS origin,
           coalesce(source_country <> target_country AND quad BETWEEN 1 AND 4 AND "date" IS NOT NULL
                    AND (modality = 'actual' OR modality IS NULL)
                    AND coalesce(source_sector, '') NOT IN ('REB', 'UAF', 'CRM')
                    AND coalesce(target_sector, '') NOT IN ('REB', 'UAF', 'CRM'), false) AS tied,
           CAST(intensity AS FLOAT) AS intensity,
           place, province, place_country,
           CAST(latitude AS FLOAT) AS latitude, CAST(longitude AS FLOAT) AS longitude,
           file, line, id
    FROM coded
    ORDER BY source, target, "day", tied DESC, "type", quad
)
SELECT *,
       tied AND (source IS DISTINCT FROM lag(source) OVER () OR target IS DISTINCT FROM lag(target) OVER ()
                 OR "day" IS DISTINCT FROM lag("day") OVER () OR "type" IS DISTINCT FROM lag("type") OVER ()) AS once
FROM acts;
