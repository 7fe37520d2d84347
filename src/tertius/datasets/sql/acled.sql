-- ACLED. An actor's country stands in its name ('Military Forces of Ukraine (2019-)', 'Civilians (Mali)'); groups without one belong where they act.
WITH g AS (
    SELECT *, said("actor1") AS name1, said("actor2") AS name2, said("country") AS country3,
           said("event_type") AS kind, said("sub_event_type") AS sub,
           lower(said("inter1")) AS inter_1, lower(said("inter2")) AS inter_2, whole("time_precision") AS how_exact
    FROM given
), h AS (
    SELECT *, named_country(name1) AS country1, named_country(name2) AS country2 FROM g
)
SELECT h.batch, h.file, h.line, h.digest, h.width,
       said(h."event_id_cnty") AS id,
       h."event_date" AS date_given,
       day(h."event_date") AS "date",
       CASE h.how_exact WHEN 2 THEN 'week' WHEN 3 THEN 'month' ELSE 'day' END AS date_precision,
       h.name1 AS source_name,
       CASE WHEN h.name1 IS NOT NULL THEN coalesce(c1.country, CASE WHEN i1.sector <> 'UNK' THEN p.country END) END AS source_country,
       sector_of(h.name1, i1.sector) AS source_sector,
       said(h."inter1") AS source_given,
       h.name2 AS target_name,
       CASE WHEN h.name2 IS NOT NULL THEN coalesce(c2.country, CASE WHEN i2.sector <> 'UNK' THEN p.country END) END AS target_country,
       sector_of(h.name2, i2.sector) AS target_sector,
       said(h."inter2") AS target_given,
       e."type", e.mode, e.contexts,
       concat_ws(': ', h.kind, h.sub) AS label,
       said(h."location") AS place,
       said(h."admin1") AS province,
       p.country AS place_country,
       number(h."latitude") AS latitude,
       number(h."longitude") AS longitude,
       whole(h."fatalities") AS fatalities,
       said(h."source") AS publisher,
       said(h."notes") AS "text",
       concat_ws('; ', unknown('event type', coalesce(h.sub, h.kind), e.event_type),
                 unknown('country of the place', h.country3, p.given)) AS doubts
FROM h
LEFT JOIN acled_types e ON e.event_type = lower(h.kind) AND e.sub_event_type = coalesce(lower(h.sub), '')
LEFT JOIN countries_name c1 ON c1.given = h.country1
LEFT JOIN countries_name c2 ON c2.given = h.country2
LEFT JOIN countries_name p ON p.given = lower(h.country3)
LEFT JOIN actors_acled i1 ON i1.given = h.inter_1
LEFT JOIN actors_acled i2 ON i2.given = h.inter_2
