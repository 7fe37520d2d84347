-- What could not be read, by reason.
SELECT reason, count(*) AS sources, min(where_found) AS example FROM failures GROUP BY reason ORDER BY sources DESC, reason;
