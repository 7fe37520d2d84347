-- ICEWS coded events. Countries are English names; sectors a list; files without CAMEO codes are looked up by the event's text.
WITH g AS (
    SELECT *, said("Source Sectors") AS sectors1, said("Target Sectors") AS sectors2,
           said("Source Name") AS name1, said("Target Name") AS name2,
           said("Source Country") AS country1, said("Target Country") AS country2,
           said("Country") AS country3, said("CAMEO Code") AS code, said("Event Text") AS words
    FROM given
)
SELECT g.batch, g.file, g.line, g.digest, g.width,
       said(g."Event ID") AS id,
       g."Event Date" AS date_given,
       day(g."Event Date") AS "date",
       g.name1 AS source_name,
       coalesce(c1.country, d1.country, b1.country, s1.international) AS source_country,
       s1.sector AS source_sector,
       g.sectors1 AS source_given,
       g.name2 AS target_name,
       coalesce(c2.country, d2.country, b2.country, s2.international) AS target_country,
       s2.sector AS target_sector,
       g.sectors2 AS target_given,
       e."type", e.mode, e.contexts,
       coalesce(e.code, g.code) AS cameo,
       number(g."Intensity") AS goldstein,
       coalesce(g.words, e."name") AS label,
       coalesce(said(g."City"), said(g."District"), said(g."Province"), g.country3) AS place,
       said(g."Province") AS province,
       c3.country AS place_country,
       number(g."Latitude") AS latitude,
       number(g."Longitude") AS longitude,
       said(g."Publisher") AS publisher,
       said(g."Story ID") AS story,
       whole(g."Sentence Number") AS sentence,
       concat_ws('; ', unknown('event', coalesce(g.code, g.words), e.code),
                 unknown('country', g.country1, coalesce(c1.given, d1.given)),
                 unknown('country', g.country2, coalesce(c2.given, d2.given)),
                 unknown('country of the place', g.country3, c3.given)) AS doubts
FROM g
LEFT JOIN cameo_names n ON g.code IS NULL AND n.given = lower(g.words)
LEFT JOIN cameo_written w ON w.given = g.code
LEFT JOIN cameo e ON e.code = coalesce(w.code, n.code)
LEFT JOIN countries_name c1 ON c1.given = lower(g.country1)
LEFT JOIN countries_name c2 ON c2.given = lower(g.country2)
LEFT JOIN countries_name c3 ON c3.given = lower(g.country3)
LEFT JOIN bodies d1 ON d1.given = lower(g.country1)
LEFT JOIN bodies d2 ON d2.given = lower(g.country2)
LEFT JOIN bodies b1 ON b1.given = lower(g.name1)
LEFT JOIN bodies b2 ON b2.given = lower(g.name2)
LEFT JOIN sectors_icews s1 ON s1.given = g.sectors1
LEFT JOIN sectors_icews s2 ON s2.given = g.sectors2
