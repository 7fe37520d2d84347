-- What cannot come from whole batches: ids that are there twice, and attributions that are named and missing.
SELECT 'mentions' AS "table", id, 'there are ' || count(*) || ' rows with this id' AS problem
FROM mentions_as_read GROUP BY id HAVING count(*) > 1
UNION ALL
SELECT 'attributions', id, 'there are ' || count(*) || ' rows with this id' FROM attributions GROUP BY id HAVING count(*) > 1
UNION ALL
SELECT 'figures', id, 'there are ' || count(*) || ' rows with this id' FROM figures GROUP BY id HAVING count(*) > 1
UNION ALL
SELECT 'mentions', id, 'its attribution ' || attribution || ' is missing'
FROM mentions_as_read m ANTI JOIN attributions q ON m.attribution = q.id WHERE attribution IS NOT NULL
UNION ALL
SELECT 'figures', id, 'its attribution ' || attribution || ' is missing'
FROM figures ANTI JOIN attributions q ON figures.attribution = q.id WHERE attribution IS NOT NULL
UNION ALL
SELECT 'imports', i.batch, i.file || ' has ' || count(c.id) || ' rows, not ' || i."rows"
FROM imports i LEFT JOIN coded c ON c.batch = i.batch
WHERE i.batch IN (SELECT batch FROM coded)
GROUP BY i.batch, i.file, i."rows" HAVING count(c.id) <> i."rows"
ORDER BY ALL;
