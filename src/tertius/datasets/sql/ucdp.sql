-- UCDP GED: each row is deadly violence between two sides. Governments carry Gleditsch-Ward numbers; other sides belong where they fight.
WITH g AS (
    SELECT *, said("side_a") AS name1, said("side_b") AS name2, said("country") AS country3,
           said("gwnoa") AS gw1, said("gwnob") AS gw2, whole("date_prec") AS how_exact
    FROM given
)
SELECT g.batch, g.file, g.line, g.digest, g.width,
       said(g."id") AS id,
       g."date_start" AS date_given,
       day(g."date_start") AS "date",
       day(g."date_end") AS "end",
       CASE WHEN day(g."date_end") > day(g."date_start") THEN 'range' WHEN g.how_exact >= 2 THEN 'range' ELSE 'day' END AS date_precision,
       g.name1 AS source_name,
       coalesce(c1.country, p.country) AS source_country,
       CASE WHEN starts_with(g.name1, 'Government of') THEN 'MIL' ELSE 'REB' END AS source_sector,
       g.gw1 AS source_given,
       g.name2 AS target_name,
       coalesce(c2.country, p.country) AS target_country,
       CASE WHEN g.name2 = 'Civilians' THEN 'CVL' WHEN starts_with(g.name2, 'Government of') THEN 'MIL' ELSE 'REB' END AS target_sector,
       g.gw2 AS target_given,
       'ASSAULT' AS "type",
       CASE WHEN said(g."type_of_violence") = '3' THEN ['human_security'] ELSE ['military'] END AS contexts,
       CASE said(g."type_of_violence") WHEN '1' THEN 'state-based conflict' WHEN '2' THEN 'non-state conflict'
            WHEN '3' THEN 'one-sided violence' END AS label,
       coalesce(said(g."where_coordinates"), said(g."where_description"), said(g."adm_1"), g.country3) AS place,
       said(g."adm_1") AS province,
       p.country AS place_country,
       number(g."latitude") AS latitude,
       number(g."longitude") AS longitude,
       whole(g."number_of_sources") AS sources,
       whole(g."best") AS fatalities,
       whole(g."low") AS fatalities_low,
       whole(g."high") AS fatalities_high,
       day(split_part(said(g."source_date"), ';', 1)) AS published,
       said(g."source_office") AS publisher,
       said(g."source_headline") AS "text",
       concat_ws('; ', unknown('country', g.gw1, c1.given), unknown('country', g.gw2, c2.given),
                 unknown('country of the place', g.country3, p.given)) AS doubts
FROM g
LEFT JOIN countries_gw c1 ON c1.given = split_part(split_part(g.gw1, ',', 1), '.', 1)
LEFT JOIN countries_gw c2 ON c2.given = split_part(split_part(g.gw2, ',', 1), '.', 1)
LEFT JOIN countries_name p ON p.given = lower(g.country3)
