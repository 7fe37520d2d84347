-- The figures that articles give for two countries: trade, troops, people.
SELECT id, start_date, "text", "value", unit, measure, speaker, speaker_country, published, title
FROM figure_rows
WHERE list_contains(countries, $a) AND list_contains(countries, $b)
  AND coalesce(start_date, published) <= CAST($until AS DATE)
ORDER BY coalesce(start_date, published), id
