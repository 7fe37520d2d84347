-- Who acted on whom, day by day: the same source, target and type count once a day, whatever data set they come from.
-- `origins` is a list of origins, or null for all.
SELECT min(id) AS id,
       "date",
       source_country AS source,
       target_country AS target,
       coalesce("type", 'OTHER') AS "type",
       min(quad) AS quad,
       avg(intensity) AS intensity
FROM dyads
WHERE "date" IS NOT NULL
  AND source_country IS NOT NULL
  AND target_country IS NOT NULL
  AND quad BETWEEN 1 AND 4
  AND (modality = 'actual' OR modality IS NULL)
  -- Rebels, criminals and militants do not act for the state that they are in.
  AND coalesce(source_sector, '') NOT IN ('REB', 'UAF', 'CRM')
  AND coalesce(target_sector, '') NOT IN ('REB', 'UAF', 'CRM')
  AND ($origins IS NULL OR list_contains($origins, origin))
GROUP BY "date", source_country, target_country, coalesce("type", 'OTHER')
ORDER BY "date", source, target, "type"
