-- Spans whose words do not stand where they say: in every visible row of every table with spans.
WITH spans AS (
    SELECT 'mentions' AS "table", id, document, unnest([trigger, sentence, "when".expression, "where".expression]) AS span
    FROM mentions_as_read
    UNION ALL
    SELECT 'mentions', id, document,
           unnest([{'start': p."start", 'end': p."end", 'text': p."text"} FOR p IN list_concat(sources, targets)])
    FROM mentions_as_read
    UNION ALL
    SELECT 'attributions', id, document, unnest(list_concat(source, cue, content)) FROM attributions
    UNION ALL
    SELECT 'figures', id, document, {'start': "start", 'end': "end", 'text': "text"} FROM figures
    UNION ALL
    SELECT 'actors', document || ' ' || id, document, unnest(mentions) FROM actors
)
SELECT s."table", s.id, s.span."text", s.span."start", s.span."end"
FROM spans s JOIN documents d ON d.id = s.document
WHERE s.span IS NOT NULL
  AND s.span."text" IS DISTINCT FROM substring(d.text, s.span."start" + 1, s.span."end" - s.span."start")
ORDER BY ALL;
