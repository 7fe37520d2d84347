-- How cells are understood, the same for all data sets. `given` holds cells as text.

-- What a cell says; null for the ways in which data sets write nothing.
CREATE MACRO said(cell) AS CASE WHEN trim(cell, ' "') IN ('', 'NA', 'N/A', 'NULL', 'None', 'nan', '\N', '---') THEN NULL
                                ELSE trim(cell, ' "') END;
CREATE MACRO number(cell) AS TRY_CAST(trim(cell) AS DOUBLE);
CREATE MACRO whole(cell) AS TRY_CAST(TRY_CAST(trim(cell) AS DOUBLE) AS INTEGER);
-- A coordinate, null outside its bounds.
CREATE MACRO within(value, bound) AS CASE WHEN abs(value) <= bound THEN value END;
CREATE MACRO outside(latitude, longitude) AS
    CASE WHEN abs(latitude) > 90 OR abs(longitude) > 180 THEN 'coordinates out of range' END;
-- A doubt about a code that a cell gives and its table does not have.
CREATE MACRO unknown(what, cell, found) AS CASE WHEN cell IS NOT NULL AND found IS NULL THEN concat('unknown ', what, ' ', cell) END;
CREATE MACRO distinct_doubts(doubts) AS array_to_string(list_distinct(string_split(doubts, '; ')), '; ');
CREATE MACRO host(url) AS CASE WHEN contains(url, '://') THEN split_part(split_part(url, '/', 3), ':', 1) END;
-- ACLED: the country in an actor's name, in brackets or after 'of', in small letters; years in brackets are no country.
CREATE MACRO named_country(actor) AS lower(trim(coalesce(
    nullif(regexp_extract(actor, '\(([^()0-9]{3,60})\)', 1), ''),
    nullif(regexp_extract(actor, ' of (?:the )?([^()]{3,60})(?: \(|$)', 1), ''))));
CREATE MACRO sector_of(actor, sector) AS CASE
    WHEN starts_with(actor, 'Police Forces') THEN 'COP'
    WHEN starts_with(actor, 'Government of') THEN 'GOV'
    WHEN starts_with(actor, 'Military Forces') THEN 'MIL'
    WHEN sector = 'UNK' THEN NULL ELSE sector END;
