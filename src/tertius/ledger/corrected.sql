-- In place of the views of a ledger without corrections: those of one in which something was corrected.

-- Corrections, each once, with the mention that each is of now (`id_now`; null if it was not found again) and whether it
-- is the last word on it. A mention is found again by its trigger: it may have another number in a later reading.
CREATE OR REPLACE VIEW corrections AS
WITH told AS (
    SELECT * FROM stored_corrections QUALIFY row_number() OVER (PARTITION BY id ORDER BY "at") = 1
),
spots AS (
    SELECT DISTINCT document, mention, "start", "end", said."type" AS "type" FROM told
),
found AS (
    SELECT s.document, s.mention, s."start", s."end", s."type", m.id
    FROM spots s JOIN mentions_as_read m
      ON m.document = s.document AND m.trigger."start" < s."end" AND s."start" < m.trigger."end"
    QUALIFY row_number() OVER (
        PARTITION BY s.document, s.mention, s."start", s."end", s."type"
        ORDER BY m.trigger."start" = s."start" AND m.trigger."end" = s."end" DESC, m.id = s.mention DESC,
                 m."type" = s."type" DESC, length(m.id), m.id
    ) = 1
)
SELECT t.*, f.id AS id_now,
       f.id IS NOT NULL AND row_number() OVER (PARTITION BY f.id ORDER BY t."at" DESC, t.id) = 1 AS holds
FROM told t LEFT JOIN found f
  ON (f.document, f.mention, f."start", f."end", f."type") = (t.document, t.mention, t."start", t."end", t.said."type");

-- What people say is right goes before what was read, and what is no event is left out. A human coder is sure: the
-- confidence of a corrected mention is 1.
CREATE OR REPLACE VIEW mentions AS
SELECT m.* REPLACE (
           coalesce(c."type", m."type") AS "type",
           CASE WHEN c."type" IS NULL THEN m.mode ELSE c.mode END AS mode,
           coalesce(c.quad, m.quad) AS quad,
           coalesce(c.intensity, m.intensity) AS intensity,
           coalesce(c.modality, m.modality) AS modality,
           coalesce(c.sources, m.sources) AS sources,
           coalesce(c.targets, m.targets) AS targets,
           CASE WHEN c.id IS NULL THEN m.confidence ELSE 1.0 END AS confidence
       ),
       c.id IS NOT NULL AS corrected
FROM mentions_as_read m
LEFT JOIN (FROM corrections WHERE holds AND verdict <> 'withdrawn') c ON c.id_now = m.id
WHERE c.verdict IS DISTINCT FROM 'no event';
