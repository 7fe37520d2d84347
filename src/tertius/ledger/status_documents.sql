-- Articles by publisher, with the days that they were published on.
SELECT coalesce(d.publisher, '(unknown)') AS publisher,
       min(d.published) AS "first", max(d.published) AS "last",
       count(DISTINCT d.id) AS articles,
       count(m.id) AS mentions
FROM documents d LEFT JOIN mentions m ON m.document = d.id
GROUP BY 1 ORDER BY articles DESC, publisher;
