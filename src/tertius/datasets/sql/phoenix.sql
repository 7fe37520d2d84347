-- Phoenix and its kin: CAMEO actors as root (a country or a kind of body) and agent (a role).
WITH g AS (
    SELECT *, said("source_root") AS root1, said("target_root") AS root2, said("code") AS event,
           said("countryName") AS country3, said("urls") AS links
    FROM given
)
SELECT g.batch, g.file, g.line, g.digest, g.width,
       said(g."id") AS id,
       g."story_date" AS date_given,
       day(g."story_date") AS "date",
       said(g."source") AS source_given,
       coalesce(c1.country, r1.international, a1.international) AS source_country,
       coalesce(a1.sector, r1.sector) AS source_sector,
       said(g."target") AS target_given,
       coalesce(c2.country, r2.international, a2.international) AS target_country,
       coalesce(a2.sector, r2.sector) AS target_sector,
       e."type", e.mode, e.contexts, whole(g."quad_class") AS quad,
       coalesce(e.code, g.event) AS cameo,
       number(g."goldstein") AS goldstein,
       e."name" AS label,
       coalesce(said(g."placeName"), said(g."stateName"), g.country3) AS place,
       said(g."stateName") AS province,
       c3.country AS place_country,
       number(g."lat") AS latitude,
       number(g."lon") AS longitude,
       coalesce(split_part(said(g."sources"), ';', 1), host(g.links)) AS publisher,
       said(g."ids") AS story,
       split_part(g.links, ';', 1) AS url,
       concat_ws('; ', unknown('event code', g.event, e.code),
                 unknown('country', g.root1, coalesce(c1.given, r1.given)),
                 unknown('country', g.root2, coalesce(c2.given, r2.given)),
                 unknown('country of the place', g.country3, c3.given)) AS doubts
FROM g
LEFT JOIN cameo_written w ON w.given = g.event
LEFT JOIN cameo e ON e.code = w.code
LEFT JOIN countries_cameo c1 ON c1.given = left(g.root1, 3)
LEFT JOIN countries_cameo c2 ON c2.given = left(g.root2, 3)
LEFT JOIN actors_cameo r1 ON r1.given = left(g.root1, 3)
LEFT JOIN actors_cameo r2 ON r2.given = left(g.root2, 3)
LEFT JOIN actors_cameo a1 ON a1.given = left(said(g."source_agent"), 3)
LEFT JOIN actors_cameo a2 ON a2.given = left(said(g."target_agent"), 3)
LEFT JOIN countries_name c3 ON c3.given = lower(g.country3)
