-- GDELT 1.0 and 2.0 events. Actors are CAMEO codes; places carry FIPS 10-4 country codes.
SELECT g.batch, g.file, g.line, g.digest, g.width,
       nullif(g."GLOBALEVENTID", '') AS id,
       g."SQLDATE" AS date_given,
       day(g."SQLDATE") AS "date",
       nullif(g."Actor1Name", '') AS source_name,
       coalesce(c1.country, k1.international, r1.international) AS source_country,
       coalesce(r1.sector, r2.sector, k1.sector) AS source_sector,
       nullif(g."Actor1Code", '') AS source_given,
       nullif(g."Actor2Name", '') AS target_name,
       coalesce(c2.country, k2.international, r3.international) AS target_country,
       coalesce(r3.sector, r4.sector, k2.sector) AS target_sector,
       nullif(g."Actor2Code", '') AS target_given,
       e."type", e.mode, e.contexts, whole(g."QuadClass") AS quad,
       nullif(g."EventCode", '') AS cameo,
       number(g."GoldsteinScale") AS goldstein,
       e."name" AS label,
       nullif(g."ActionGeo_FullName", '') AS place,
       nullif(g."ActionGeo_ADM1Code", '') AS province,
       p.country AS place_country,
       number(g."ActionGeo_Lat") AS latitude,
       number(g."ActionGeo_Long") AS longitude,
       whole(g."NumMentions") AS mentions,
       whole(g."NumSources") AS sources,
       whole(g."NumArticles") AS articles,
       number(g."AvgTone") AS tone,
       CASE g."IsRootEvent" WHEN '1' THEN true WHEN '0' THEN false END AS root,
       day(left(g."DATEADDED", 8)) AS published,
       CASE WHEN contains(g."SOURCEURL", '://') THEN host(g."SOURCEURL") ELSE nullif(g."SOURCEURL", '') END AS publisher,
       CASE WHEN contains(g."SOURCEURL", '://') THEN g."SOURCEURL" END AS url,
       concat_ws('; ', unknown('event code', nullif(g."EventCode", ''), e.code),
                 unknown('country', nullif(g."Actor1CountryCode", ''), c1.given),
                 unknown('country', nullif(g."Actor2CountryCode", ''), c2.given),
                 unknown('country of the place', nullif(g."ActionGeo_CountryCode", ''), p.given)) AS doubts
FROM given g
LEFT JOIN cameo e ON e.code = g."EventCode"
LEFT JOIN countries_cameo c1 ON c1.given = g."Actor1CountryCode"
LEFT JOIN countries_cameo c2 ON c2.given = g."Actor2CountryCode"
LEFT JOIN actors_cameo k1 ON k1.given = g."Actor1KnownGroupCode"
LEFT JOIN actors_cameo k2 ON k2.given = g."Actor2KnownGroupCode"
LEFT JOIN actors_cameo r1 ON r1.given = g."Actor1Type1Code"
LEFT JOIN actors_cameo r2 ON r2.given = g."Actor1Type2Code"
LEFT JOIN actors_cameo r3 ON r3.given = g."Actor2Type1Code"
LEFT JOIN actors_cameo r4 ON r4.given = g."Actor2Type2Code"
LEFT JOIN countries_fips p ON p.given = g."ActionGeo_CountryCode"
