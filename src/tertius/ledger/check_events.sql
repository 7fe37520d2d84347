-- Events that name mentions which are not there, and mentions that two events name.
WITH named AS (SELECT id, unnest(mentions) AS mention FROM events)
SELECT n.id, 'its mention ' || n.mention || ' is missing' AS problem
FROM named n ANTI JOIN mentions_as_read m ON n.mention = m.id
UNION ALL
SELECT min(id), 'its mention ' || mention || ' is also in ' || max(id) FROM named GROUP BY mention HAVING count(*) > 1
ORDER BY ALL;
