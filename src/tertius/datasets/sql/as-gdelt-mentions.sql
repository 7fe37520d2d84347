-- Reports of coded events in the 16 columns of GDELT 2.0 mentions.
SELECT substr(r.event, 7) AS "GLOBALEVENTID", NULL AS "EventTimeDate", strftime(r.reported, '%Y%m%d%H%M%S') AS "MentionTimeDate",
       1 AS "MentionType", r.publisher AS "MentionSourceName", r.url AS "MentionIdentifier", r.sentence AS "SentenceID",
       NULL AS "Actor1CharOffset", NULL AS "Actor2CharOffset", NULL AS "ActionCharOffset", NULL AS "InRawText",
       CAST(round(r.confidence * 100) AS INTEGER) AS "Confidence", NULL AS "MentionDocLen", r.tone AS "MentionDocTone",
       NULL AS "MentionDocTranslationInfo", NULL AS "Extras"
FROM reports r
ORDER BY r.reported, r.event, r.file, r.line
