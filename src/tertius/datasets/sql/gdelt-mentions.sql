-- GDELT 2.0 mentions: where each event was reported.
SELECT g.batch, g.file, g.line, g.digest, g.width,
       'gdelt:' || nullif(g."GLOBALEVENTID", '') AS event,
       g."MentionTimeDate" AS date_given,
       TRY_STRPTIME(g."MentionTimeDate", '%Y%m%d%H%M%S') AS reported,
       nullif(g."MentionSourceName", '') AS publisher,
       nullif(g."MentionIdentifier", '') AS url,
       whole(g."SentenceID") AS sentence,
       within(number(g."Confidence") / 100, 1) AS confidence,
       number(g."MentionDocTone") AS tone
FROM given g
