-- Who says what of the acts of two countries on one another: the speakers' country, quad class and stance.
SELECT CASE WHEN speaker IS NULL THEN 'the writer'
            WHEN speaker_country = $a THEN $a
            WHEN speaker_country = $b THEN $b
            WHEN speaker_country IS NULL THEN 'unknown'
            ELSE 'third parties' END AS side,
       CASE WHEN list_contains(source_countries, $a) AND list_contains(target_countries, $b) THEN $a ELSE $b END AS source,
       CASE WHEN list_contains(source_countries, $a) AND list_contains(target_countries, $b) THEN $b ELSE $a END AS target,
       quad,
       coalesce(factuality, 'asserted') AS verdict,
       count(*) AS reports,
       list(id ORDER BY id) AS ids
FROM mention_rows
WHERE (list_contains(source_countries, $a) AND list_contains(target_countries, $b)
       OR list_contains(source_countries, $b) AND list_contains(target_countries, $a))
  AND coalesce(start_date, published) <= CAST($until AS DATE)
GROUP BY ALL
ORDER BY side, source, target, quad, verdict
