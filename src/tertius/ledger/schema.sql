-- The tables of a ledger. Each is a Delta table of the same name in the ledger's folder.
-- `batch` names the write that a row came with: a row is visible once `documents` holds its document with that batch
-- (see views.sql), so a batch that was cut short shows nothing.

CREATE TABLE documents (
    id VARCHAR,              -- 'sha256:...' of the text
    batch VARCHAR,
    added TIMESTAMP,         -- when it was written, UTC
    where_found VARCHAR,     -- file, line or address that it was read from
    title VARCHAR,
    url VARCHAR,
    publisher VARCHAR,
    published DATE,
    published_from VARCHAR,
    language VARCHAR,
    text VARCHAR,
    tertius VARCHAR,         -- version of the reader
    models MAP(VARCHAR, VARCHAR),
    warnings VARCHAR[]
);

CREATE TABLE actors (
    document VARCHAR,
    batch VARCHAR,
    id VARCHAR,              -- 'a1', within the document
    name VARCHAR,
    kind VARCHAR,
    country VARCHAR,
    sector VARCHAR,
    code VARCHAR,
    role VARCHAR,
    known_as VARCHAR,
    mentions STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)[]
);

CREATE TABLE mentions (
    document VARCHAR,
    batch VARCHAR,
    id VARCHAR,              -- '3f2a9c1b04d2-m1', unique in the ledger
    "type" VARCHAR,
    mode VARCHAR,
    quad INTEGER,
    intensity DOUBLE,
    modality VARCHAR,
    trigger STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR),
    sentence STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR),
    sources STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR, actor VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    targets STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR, actor VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    reciprocal BOOLEAN,
    "when" STRUCT("start" DATE, "end" DATE, "precision" VARCHAR, "from" VARCHAR,
                  expression STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)),
    "where" STRUCT("name" VARCHAR, country VARCHAR, latitude DOUBLE, longitude DOUBLE, geonames BIGINT,
                   expression STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)),
    attribution VARCHAR,
    contexts VARCHAR[],
    confidence DOUBLE,
    factuality STRUCT(verdict VARCHAR, "by" VARCHAR)
);

CREATE TABLE attributions (
    document VARCHAR,
    batch VARCHAR,
    id VARCHAR,
    kind VARCHAR,
    stance VARCHAR,
    source STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)[],
    cue STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)[],
    content STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR)[],
    speaker STRUCT(actor VARCHAR, "name" VARCHAR, country VARCHAR, sector VARCHAR, anonymous BOOLEAN),
    speaker_certain BOOLEAN,
    force VARCHAR,
    "within" VARCHAR         -- id of the attribution that reports this one
);

CREATE TABLE figures (
    document VARCHAR,
    batch VARCHAR,
    id VARCHAR,
    "start" INTEGER,
    "end" INTEGER,
    "text" VARCHAR,
    "value" DOUBLE,
    low DOUBLE,
    high DOUBLE,
    unit VARCHAR,
    measure VARCHAR,
    period STRUCT("start" DATE, "end" DATE),
    "between" VARCHAR[],
    change VARCHAR,
    attribution VARCHAR
);

CREATE TABLE failures (
    id VARCHAR,              -- hash of where and reason: the same failure twice is one row in the view
    added TIMESTAMP,
    where_found VARCHAR,
    reason VARCHAR
);

-- Mentions of the same act, merged by the rule of docs/merging.md. Written as a whole, in one commit, and written anew
-- by every merge; the mentions stay as they are.
CREATE TABLE events (
    id VARCHAR,              -- '3f2a9c1b04d2-e1', of the mention '3f2a9c1b04d2-m1' that was reported first
    rule INTEGER,            -- version of the rule
    "type" VARCHAR,
    mode VARCHAR,
    quad INTEGER,
    intensity DOUBLE,
    modality VARCHAR,
    sources STRUCT("name" VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    targets STRUCT("name" VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    reciprocal BOOLEAN,
    start_date DATE,
    end_date DATE,
    date_from VARCHAR,       -- 'expression', 'publication' or 'unknown'
    place STRUCT("name" VARCHAR, country VARCHAR, latitude DOUBLE, longitude DOUBLE, geonames BIGINT),
    mentions VARCHAR[],      -- ids, those reported first in front
    documents VARCHAR[],
    reports INTEGER,         -- documents
    independent_sources INTEGER,  -- reports, those counted once that print one story or are of one publisher
    first_report DATE,
    last_report DATE,
    asserted_by STRUCT("name" VARCHAR, country VARCHAR, sector VARCHAR)[],
    doubted_by STRUCT("name" VARCHAR, country VARCHAR, sector VARCHAR)[],
    denied_by STRUCT("name" VARCHAR, country VARCHAR, sector VARCHAR)[],
    contexts VARCHAR[],
    confidence DOUBLE,
    corrected BOOLEAN        -- whether somebody has corrected one of its mentions
);

-- What people say of mentions that were read wrongly. Rows are only ever added: the last one of a mention holds.
CREATE TABLE corrections (
    id VARCHAR,              -- hash of all that follows but the time
    mention VARCHAR,         -- as it was called when it was corrected
    document VARCHAR,
    "start" INTEGER,         -- its trigger, in code points of the text: finds it again in a later reading
    "end" INTEGER,
    verdict VARCHAR,         -- 'changed', 'no event' or 'withdrawn'
    said STRUCT("type" VARCHAR, mode VARCHAR, modality VARCHAR, sources VARCHAR[], targets VARCHAR[]),  -- by the reader
    "type" VARCHAR,          -- what is right; null: as it was read
    mode VARCHAR,            -- goes with the type
    quad INTEGER,
    intensity DOUBLE,
    modality VARCHAR,
    sources STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR, actor VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    targets STRUCT("start" INTEGER, "end" INTEGER, "text" VARCHAR, actor VARCHAR, country VARCHAR, sector VARCHAR, code VARCHAR)[],
    note VARCHAR,
    "by" VARCHAR,
    "after" VARCHAR,         -- the correction that it follows, null for the first
    "at" TIMESTAMP           -- UTC; later than that of the correction that it follows
);

-- Forecasts that were issued ('tertius forecast'). Rows are only ever added.
CREATE TABLE forecasts (
    id VARCHAR,              -- hash of what was forecast, from what and how: the same forecast twice is one row in the view
    issued TIMESTAMP,        -- UTC
    source VARCHAR,
    target VARCHAR,
    what VARCHAR,            -- the name of a quad class, or a type
    quad INTEGER,
    "within" INTEGER,        -- days after origin
    origin DATE,             -- the last day that was known
    "until" DATE,            -- the last day that it speaks of
    chance DOUBLE,
    low DOUBLE,
    high DOUBLE,
    usual DOUBLE,            -- the pair's climatology
    base_rate DOUBLE,
    "last" INTEGER,          -- acts of this kind in as many days before
    method VARCHAR,          -- 'learnt' or 'usual rate'
    model VARCHAR,           -- version of the method
    data VARCHAR,            -- hash of the acts that it was made from
    origins VARCHAR[],       -- the data sets that they came from; none for all
    hindsight BOOLEAN        -- whether the ledger already held later acts when it was made (--until)
);

-- Event data that others coded. An import is one batch: its rows are visible once `imports` holds that batch.
CREATE TABLE coded (
    id VARCHAR,              -- 'icews:32889836'; other data sets' ids may repeat (ICEWS: 145,312 of them do)
    batch VARCHAR,
    dataset VARCHAR,         -- 'icews', 'polecat', 'gdelt', 'phoenix', 'ucdp', 'acled' or a name the user gave
    file VARCHAR,            -- name of the file and ...
    line BIGINT,             -- ... line in it (1 is the first, a header included): the row's evidence
    "date" DATE,
    "end" DATE,
    date_precision VARCHAR,
    source_name VARCHAR,
    source_country VARCHAR,  -- ours: ISO 3166 alpha-3 or ontology.INTERNATIONAL
    source_sector VARCHAR,   -- ours: ontology.SECTORS
    source_code VARCHAR,     -- ours: 'RUS GOV'
    source_given VARCHAR,    -- the code or sectors as the data set has them: 'RUSGOV', 'Executive,Government'
    target_name VARCHAR,
    target_country VARCHAR,
    target_sector VARCHAR,
    target_code VARCHAR,
    target_given VARCHAR,
    "type" VARCHAR,          -- PLOVER; null where PLOVER has no such type (CAMEO 01, 02)
    mode VARCHAR,
    quad INTEGER,            -- PLOVER's, of the type; the data set's own where there is no type
    intensity DOUBLE,        -- PLOVER's, of type and mode
    modality VARCHAR,
    contexts VARCHAR[],
    cameo VARCHAR,
    goldstein DOUBLE,
    label VARCHAR,           -- the kind of event in the data set's own words
    place VARCHAR,
    province VARCHAR,
    place_country VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    mentions INTEGER,
    sources INTEGER,
    articles INTEGER,
    tone DOUBLE,
    root BOOLEAN,            -- GDELT: whether it stood in the lead of an article
    fatalities INTEGER,
    fatalities_low INTEGER,
    fatalities_high INTEGER,
    published DATE,          -- when it was reported or entered the data set
    publisher VARCHAR,
    story VARCHAR,           -- their id of the report that it comes from
    sentence INTEGER,        -- its number in that report
    url VARCHAR,
    "text" VARCHAR,
    doubt VARCHAR            -- what of the row was not understood, and left out: 'unknown event code', 'coordinates out of range'
);

-- Reports of coded events, where a data set lists them in a table of their own (GDELT mentions).
CREATE TABLE reports (
    event VARCHAR,           -- id in `coded`
    batch VARCHAR,
    dataset VARCHAR,
    file VARCHAR,
    line BIGINT,
    reported TIMESTAMP,      -- when the report was seen, UTC
    publisher VARCHAR,
    url VARCHAR,
    sentence INTEGER,
    confidence DOUBLE,       -- 0 to 1, the data set's own
    tone DOUBLE
);

CREATE TABLE imports (
    batch VARCHAR,
    dataset VARCHAR,
    file VARCHAR,
    sha256 VARCHAR,          -- of the file: the same file twice is one import
    "rows" BIGINT,
    skipped BIGINT,          -- malformed rows, each named in `failures`
    licence VARCHAR,
    terms VARCHAR,
    added TIMESTAMP,         -- when it was written, UTC
    tertius VARCHAR
);
