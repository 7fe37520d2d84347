-- The acts of states on one another, for the study of responses.
SELECT date, source_country AS source, target_country AS target, quad
FROM acts
WHERE date IS NOT NULL
  AND source_country IS NOT NULL
  AND target_country IS NOT NULL
  AND quad BETWEEN 1 AND 4
  AND (modality = 'actual' OR modality IS NULL)
ORDER BY date, source, target, quad
