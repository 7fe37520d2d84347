-- What the pages count: small tables over the events of one state of the ledger, made once for that state. A party is
-- its country, or else its sector, or else its name; a reciprocal act goes both ways.

CREATE TABLE screen AS
SELECT id,
       documents[1] AS document,  -- that reports it first
       coalesce(start_date, first_report) AS "day",
       first_report,
       "type", quad, modality,
       CASE WHEN quad IN (1, 2) THEN 'cooperative' ELSE 'hostile' END AS tone,
       CASE WHEN confidence >= 0.8 THEN 'high' WHEN confidence >= 0.5 THEN 'middle' ELSE 'low' END AS confidence,
       CASE WHEN len(denied_by) + len(doubted_by) > 0 THEN 'yes' ELSE 'no' END AS contested,
       place."name" AS place,
       CASE WHEN corrected THEN 'yes' ELSE 'no' END AS corrected
FROM events;

CREATE TABLE screen_sides AS
WITH parties AS (
    SELECT id, reciprocal,
           [coalesce(s.country, s.sector, s."name") FOR s IN sources] AS sources,
           [coalesce(t.country, t.sector, t."name") FOR t IN targets] AS targets
    FROM events
),
sides AS (
    SELECT id, reciprocal,
           CASE WHEN reciprocal THEN list_concat(sources, targets) ELSE sources END AS sources,
           CASE WHEN reciprocal THEN list_concat(sources, targets) ELSE targets END AS targets
    FROM parties
),
acting AS (
    SELECT id, reciprocal, unnest(CASE WHEN len(sources) = 0 THEN [NULL] ELSE sources END) AS source,
           generate_subscripts(CASE WHEN len(sources) = 0 THEN [NULL] ELSE sources END, 1) AS place
    FROM sides
),
acted_on AS (
    SELECT id, unnest(targets) AS target, generate_subscripts(targets, 1) AS place FROM sides
)
SELECT DISTINCT a.id, a.source, b.target
FROM acting a LEFT JOIN acted_on b ON b.id = a.id AND (NOT a.reciprocal OR b.place <> a.place);

CREATE TABLE screen_speakers AS
WITH said AS (
    SELECT id, unnest(asserted_by) AS speaker, 'asserts' AS stance FROM events
    UNION ALL SELECT id, unnest(doubted_by), 'doubts' FROM events
    UNION ALL SELECT id, unnest(denied_by), 'denies' FROM events
)
SELECT DISTINCT id, coalesce(speaker."name", speaker.country, 'somebody') AS speaker, stance FROM said
UNION ALL
SELECT id, 'the writers alone', 'asserts' FROM events
WHERE len(asserted_by) + len(doubted_by) + len(denied_by) = 0;

CREATE TABLE screen_reports AS
SELECT DISTINCT e.id, e.document, coalesce(d.publisher, 'no publisher named') AS publisher
FROM (SELECT id, unnest(documents) AS document FROM events) e JOIN documents d ON d.id = e.document;

CREATE TABLE screen_disputes AS FROM dispute_rows;
