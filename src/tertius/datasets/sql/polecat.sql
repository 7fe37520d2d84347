-- POLECAT: PLOVER types already. Cells of several actors are lists with ';': the first one's country and sector count.
WITH g AS (
    SELECT *, upper(said("Event Type")) AS kind, lower(said("Event Mode")) AS how,
           said("Actor Country") AS country1, said("Recipient Country") AS country2, said("Country") AS country3
    FROM given
)
SELECT g.batch, g.file, g.line, g.digest, g.width,
       said(g."Event ID") AS id,
       g."Event Date" AS date_given,
       day(g."Event Date") AS "date",
       said(g."Actor Name") AS source_name,
       coalesce(c1.country, b1.country) AS source_country,
       a1.given AS source_sector,
       concat_ws('; ', g.country1, said(g."Actor Sectors")) AS source_given,
       said(g."Recipient Name") AS target_name,
       coalesce(c2.country, b2.country) AS target_country,
       a2.given AS target_sector,
       concat_ws('; ', g.country2, said(g."Recipient Sectors")) AS target_given,
       t."type", nullif(m.mode, '') AS mode,
       number(g."Intensity") AS intensity,
       list_filter([trim(c) FOR c IN string_split(replace(replace(said(g."Contexts"), ',', ';'), '|', ';'), ';')], lambda c: c <> '') AS contexts,
       concat_ws(' ', said(g."Event Type"), said(g."Event Mode")) AS label,
       coalesce(said(g."Placename"), said(g."City"), said(g."District"), said(g."Province"), g.country3) AS place,
       said(g."Province") AS province,
       c3.country AS place_country,
       number(g."Latitude") AS latitude,
       number(g."Longitude") AS longitude,
       day(g."Publication Date") AS published,
       said(g."Source") AS publisher,
       concat_ws('; ', unknown('event type', g.kind, t."type"),
                 unknown('mode', CASE WHEN t."type" IS NOT NULL THEN g.how END, m."type"),
                 unknown('country', g.country1, coalesce(c1.given, b1.given)),
                 unknown('country', g.country2, coalesce(c2.given, b2.given)),
                 unknown('country of the place', g.country3, c3.given)) AS doubts
FROM g
LEFT JOIN plover t ON t."type" = g.kind AND t.mode = ''
LEFT JOIN plover m ON m."type" = g.kind AND m.mode = g.how
LEFT JOIN countries_name c1 ON c1.given = lower(trim(split_part(g.country1, ';', 1)))
LEFT JOIN countries_name c2 ON c2.given = lower(trim(split_part(g.country2, ';', 1)))
LEFT JOIN countries_name c3 ON c3.given = lower(trim(split_part(g.country3, ';', 1)))
LEFT JOIN bodies b1 ON b1.given = lower(trim(split_part(g.country1, ';', 1)))
LEFT JOIN bodies b2 ON b2.given = lower(trim(split_part(g.country2, ';', 1)))
LEFT JOIN sectors_plover a1 ON a1.given = upper(trim(split_part(said(g."Primary Actor Sector"), ';', 1)))
LEFT JOIN sectors_plover a2 ON a2.given = upper(trim(split_part(said(g."Primary Recipient Sector"), ';', 1)))
