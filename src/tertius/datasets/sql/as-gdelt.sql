-- Pairs in the 61 columns of GDELT 2.0. Ids that are no numbers of GDELT become numbers by hashing.
SELECT CASE WHEN starts_with(e.id, 'gdelt:') THEN substr(e.id, 7) ELSE CAST(hash(e.id) % 1000000000000 AS VARCHAR) END AS "GLOBALEVENTID",
       strftime(e."date", '%Y%m%d') AS "SQLDATE",
       strftime(e."date", '%Y%m') AS "MonthYear",
       strftime(e."date", '%Y') AS "Year",
       printf('%.4f', year(e."date") + ((month(e."date") - 1) * 30 + day(e."date")) / 365.0) AS "FractionDate",
       coalesce(CASE WHEN e.dataset = 'gdelt' THEN e.source_given END, nullif(concat(c1.code, g1."group", s1.role), '')) AS "Actor1Code",
       e.source_name AS "Actor1Name", c1.code AS "Actor1CountryCode", g1."group" AS "Actor1KnownGroupCode",
       NULL AS "Actor1EthnicCode", NULL AS "Actor1Religion1Code", NULL AS "Actor1Religion2Code",
       s1.role AS "Actor1Type1Code", NULL AS "Actor1Type2Code", NULL AS "Actor1Type3Code",
       coalesce(CASE WHEN e.dataset = 'gdelt' THEN e.target_given END, nullif(concat(c2.code, g2."group", s2.role), '')) AS "Actor2Code",
       e.target_name AS "Actor2Name", c2.code AS "Actor2CountryCode", g2."group" AS "Actor2KnownGroupCode",
       NULL AS "Actor2EthnicCode", NULL AS "Actor2Religion1Code", NULL AS "Actor2Religion2Code",
       s2.role AS "Actor2Type1Code", NULL AS "Actor2Type2Code", NULL AS "Actor2Type3Code",
       CASE WHEN e.root THEN 1 WHEN NOT e.root THEN 0 END AS "IsRootEvent",
       coalesce(e.cameo, p.code) AS "EventCode",
       left(coalesce(e.cameo, p.code), 3) AS "EventBaseCode",
       left(coalesce(e.cameo, p.code), 2) AS "EventRootCode",
       e.quad AS "QuadClass",
       plain(coalesce(e.goldstein, TRY_CAST(coalesce(n.goldstein, q.goldstein) AS DOUBLE))) AS "GoldsteinScale",
       e.mentions AS "NumMentions", coalesce(e.sources, e.independent_sources) AS "NumSources", e.articles AS "NumArticles",
       e.tone AS "AvgTone",
       NULL AS "Actor1Geo_Type", NULL AS "Actor1Geo_FullName", NULL AS "Actor1Geo_CountryCode", NULL AS "Actor1Geo_ADM1Code",
       NULL AS "Actor1Geo_ADM2Code", NULL AS "Actor1Geo_Lat", NULL AS "Actor1Geo_Long", NULL AS "Actor1Geo_FeatureID",
       NULL AS "Actor2Geo_Type", NULL AS "Actor2Geo_FullName", NULL AS "Actor2Geo_CountryCode", NULL AS "Actor2Geo_ADM1Code",
       NULL AS "Actor2Geo_ADM2Code", NULL AS "Actor2Geo_Lat", NULL AS "Actor2Geo_Long", NULL AS "Actor2Geo_FeatureID",
       NULL AS "ActionGeo_Type", e.place AS "ActionGeo_FullName", c3.fips AS "ActionGeo_CountryCode",
       e.province AS "ActionGeo_ADM1Code", NULL AS "ActionGeo_ADM2Code", plain(e.latitude) AS "ActionGeo_Lat",
       plain(e.longitude) AS "ActionGeo_Long", NULL AS "ActionGeo_FeatureID",
       strftime(e.published, '%Y%m%d000000') AS "DATEADDED",
       coalesce(e.url, e.publisher) AS "SOURCEURL"
FROM chosen e
LEFT JOIN cameo_of p ON e.cameo IS NULL AND p."type" = e."type" AND p.mode = coalesce(e.mode, '')
LEFT JOIN cameo_scores n ON n.code = e.cameo
LEFT JOIN cameo_scores q ON q.code = p.code
LEFT JOIN given_as s1 ON s1.ours = e.source_sector
LEFT JOIN given_as s2 ON s2.ours = e.target_sector
LEFT JOIN given_as g1 ON g1.ours = e.source_country
LEFT JOIN given_as g2 ON g2.ours = e.target_country
LEFT JOIN country_names c1 ON c1.country = e.source_country
LEFT JOIN country_names c2 ON c2.country = e.target_country
LEFT JOIN country_names c3 ON c3.country = e.place_country
ORDER BY e."date" NULLS LAST, e.dataset, length(e.id), e.id, e.file, e.line
