-- The actors of an export, with how often each acts and is acted on.
WITH sides AS (
    SELECT source_code AS code, source_name AS "name", source_country AS country, source_sector AS sector, 1 AS acts, 0 AS targeted
    FROM chosen
    UNION ALL
    SELECT target_code, target_name, target_country, target_sector, 0, 1 FROM chosen
)
SELECT code, "name", country, sector, sum(acts) AS as_source, sum(targeted) AS as_target
FROM sides WHERE code IS NOT NULL OR "name" IS NOT NULL
GROUP BY ALL
ORDER BY sum(acts) + sum(targeted) DESC, code, "name"
