-- Who acts on whom: one row for each pair of actors. An actor is its code, or its name where it has none.
SELECT coalesce(source_code, source_name) AS source, coalesce(target_code, target_name) AS target, count(*) AS acts,
       count(*) FILTER (quad = 1) AS verbal_cooperation, count(*) FILTER (quad = 2) AS material_cooperation,
       count(*) FILTER (quad = 3) AS verbal_conflict, count(*) FILTER (quad = 4) AS material_conflict,
       round(avg(intensity), 4) AS intensity, min("date") AS first, max("date") AS last
FROM chosen
WHERE coalesce(source_code, source_name) IS NOT NULL AND coalesce(target_code, target_name) IS NOT NULL
GROUP BY ALL
ORDER BY acts DESC, source, target
