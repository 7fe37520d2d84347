-- Imported files by data set, with the days of their events.
SELECT i.dataset, i.file, min(c."date") AS "first", max(c."date") AS "last",
       any_value(i."rows") AS "rows", any_value(i.skipped) AS skipped, any_value(i.licence) AS licence
FROM imports i LEFT JOIN coded c ON c.batch = i.batch
GROUP BY i.dataset, i.file, i.batch ORDER BY ALL;
