-- Pairs in the 20 columns of ICEWS. Acts without a CAMEO code get the one that stands for their type and mode.
SELECT CASE WHEN e.dataset = 'icews' THEN substr(e.id, 7) ELSE e.id END AS "Event ID",
       strftime(e."date", '%Y-%m-%d') AS "Event Date",
       e.source_name AS "Source Name",
       CASE WHEN e.dataset = 'icews' THEN e.source_given ELSE s1.icews END AS "Source Sectors",
       c1."name" AS "Source Country",
       coalesce(n."name", q."name", e.label) AS "Event Text",
       coalesce(e.cameo, p.code) AS "CAMEO Code",
       plain(coalesce(e.goldstein, TRY_CAST(coalesce(n.goldstein, q.goldstein) AS DOUBLE))) AS "Intensity",
       e.target_name AS "Target Name",
       CASE WHEN e.dataset = 'icews' THEN e.target_given ELSE s2.icews END AS "Target Sectors",
       c2."name" AS "Target Country",
       e.story AS "Story ID",
       e.sentence AS "Sentence Number",
       e.publisher AS "Publisher",
       e.place AS "City",
       NULL AS "District",
       e.province AS "Province",
       c3."name" AS "Country",
       plain(e.latitude) AS "Latitude",
       plain(e.longitude) AS "Longitude"
FROM chosen e
LEFT JOIN cameo_of p ON e.cameo IS NULL AND p."type" = e."type" AND p.mode = coalesce(e.mode, '')
LEFT JOIN cameo_scores n ON n.code = e.cameo
LEFT JOIN cameo_scores q ON q.code = p.code
LEFT JOIN given_as s1 ON s1.ours = e.source_sector
LEFT JOIN given_as s2 ON s2.ours = e.target_sector
LEFT JOIN country_names c1 ON c1.country = e.source_country
LEFT JOIN country_names c2 ON c2.country = e.target_country
LEFT JOIN country_names c3 ON c3.country = e.place_country
ORDER BY e."date" NULLS LAST, e.dataset, length(e.id), e.id, e.file, e.line
