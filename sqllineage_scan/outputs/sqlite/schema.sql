-- A lineage graph as one SQLite file. docs/formats.md has example queries.
pragma application_id = 0x53514c53; -- "SQLS"
pragma user_version = 1;

create table project (
    key text primary key,
    value text not null
) without rowid;

create table dialects (dialect text primary key, files integer not null) without rowid;

create table owners (name text primary key) without rowid;

create table datasets (
    id text primary key,
    namespace text not null,
    name text not null,
    kind text not null,
    schema_origin text not null,
    has_columns integer not null, -- 0: nothing says which columns it has
    owner text references owners (name),
    description text not null,
    version text,
    dbt_unique_id text,
    path text,
    line integer,
    column_ integer,
    end_line integer,
    end_column integer
) without rowid;

create table dataset_tags (
    dataset text not null references datasets (id),
    position integer not null,
    tag text not null,
    primary key (dataset, position)
) without rowid;

-- kind: owner_origin, access, code_owners, stewards, terms
create table dataset_governance (
    dataset text not null references datasets (id),
    kind text not null,
    position integer not null,
    text text not null,
    primary key (dataset, kind, position)
) without rowid;

create table columns (
    id integer primary key,
    dataset text not null references datasets (id),
    name text not null,
    position integer, -- among the declared ones; null: only its use is known
    type text,
    ordinal integer,
    description text not null
);

create table column_tags (
    column_id integer not null references columns (id),
    position integer not null,
    tag text not null,
    primary key (column_id, position)
) without rowid;

create table column_terms (
    column_id integer not null references columns (id),
    position integer not null,
    term text not null,
    primary key (column_id, position)
) without rowid;

create table column_tests (
    column_id integer not null references columns (id),
    position integer not null,
    test text not null,
    primary key (column_id, position)
) without rowid;

-- What an orchestrator starts: a script, or a dbt node. Its statements are jobs.
create table tasks (
    id text primary key,
    path text not null,
    dbt_unique_id text
) without rowid;

create table jobs (
    id text primary key,
    namespace text not null,
    name text not null,
    task text not null references tasks (id),
    kind text not null,
    dialect text not null,
    dbt_unique_id text,
    path text not null,
    line integer not null,
    column_ integer not null,
    end_line integer not null,
    end_column integer not null
) without rowid;

create table job_reads (
    job text not null references jobs (id),
    dataset text not null references datasets (id),
    primary key (job, dataset)
) without rowid;

create table job_writes (
    job text not null references jobs (id),
    dataset text not null references datasets (id),
    primary key (job, dataset)
) without rowid;

-- What decides a value. job: as in jobs.id, which a document of somebody else's may not have.
create table column_edges (
    id integer primary key,
    source integer not null references columns (id),
    target integer not null references columns (id),
    job text not null,
    type text not null,
    subtype text not null,
    masking integer not null,
    expression text not null,
    confidence real not null,
    band text not null,
    path text,
    line integer,
    column_ integer,
    end_line integer,
    end_column integer
);

-- What decides which rows there are.
create table row_edges (
    id integer primary key,
    source integer not null references columns (id),
    target text not null references datasets (id),
    job text not null,
    subtype text not null,
    confidence real not null,
    band text not null,
    path text,
    line integer,
    column_ integer,
    end_line integer,
    end_column integer
);

create table dataset_edges (
    id integer primary key,
    source text not null references datasets (id),
    target text not null references datasets (id),
    job text not null,
    confidence real not null
);

-- Why we believe an edge; exactly one of the first three is set.
create table evidence (
    id integer primary key,
    column_edge integer references column_edges (id),
    row_edge integer references row_edges (id),
    dataset_edge integer references dataset_edges (id),
    kind text not null,
    note text not null,
    among integer not null,
    factor real not null,
    path text,
    line integer,
    column_ integer,
    end_line integer,
    end_column integer
);

create table exposures (
    id integer primary key,
    name text not null,
    kind text not null,
    owner text references owners (name),
    url text,
    description text not null,
    dbt_unique_id text,
    path text not null,
    line integer not null,
    column_ integer not null,
    end_line integer not null,
    end_column integer not null
);

create table exposure_datasets (
    exposure integer not null references exposures (id),
    dataset text not null references datasets (id),
    primary key (exposure, dataset)
) without rowid;

create table findings (
    id integer primary key,
    code text not null,
    name text not null,
    severity text not null,
    message text not null,
    subject text not null,
    help text not null,
    path text not null,
    line integer not null,
    column_ integer not null,
    end_line integer not null,
    end_column integer not null
);

create table files (
    id integer primary key,
    path text not null,
    kind text not null,
    status text not null,
    statements integer not null
);

create table gaps (
    id integer primary key,
    kind text not null,
    subject text not null,
    reason text not null,
    hides integer not null,
    help text not null,
    path text,
    line integer,
    column_ integer,
    end_line integer,
    end_column integer
);

-- dbt's nodes as the document has them (dbt.nodes), with what is looked for most as columns.
create table dbt_nodes (
    id integer primary key,
    unique_id text not null,
    resource_type text not null,
    name text not null,
    dataset text references datasets (id),
    node text not null -- JSON
);

create unique index columns_by_name on columns (dataset, name, position);
create index column_edges_by_source on column_edges (source, target);
create index column_edges_by_target on column_edges (target, source);
create index row_edges_by_source on row_edges (source);
create index row_edges_by_target on row_edges (target);
create index dataset_edges_by_source on dataset_edges (source);
create index dataset_edges_by_target on dataset_edges (target);
create index evidence_by_column_edge on evidence (column_edge);
create index evidence_by_row_edge on evidence (row_edge);
create index evidence_by_dataset_edge on evidence (dataset_edge);
create index findings_by_path on findings (path);
create index job_writes_by_dataset on job_writes (dataset);
create index job_reads_by_dataset on job_reads (dataset);

create view column_lineage as
select
    s.dataset as source_dataset,
    s.name as source_column,
    t.dataset as target_dataset,
    t.name as target_column,
    e.subtype,
    e.masking,
    e.expression,
    e.confidence,
    e.band,
    e.job,
    e.path,
    e.line
from column_edges as e
join columns as s on s.id = e.source
join columns as t on t.id = e.target;

create view row_lineage as
select s.dataset as source_dataset, s.name as source_column, e.target as target_dataset, e.subtype, e.confidence, e.job, e.path, e.line
from row_edges as e
join columns as s on s.id = e.source;

-- Every column with every column that its value is made from, however far.
create view upstream as
with recursive walk (start, at) as (
    select target, source from column_edges
    union
    select walk.start, e.source from walk join column_edges as e on e.target = walk.at
)
select t.dataset, t.name as column_, s.dataset as source_dataset, s.name as source_column
from walk
join columns as t on t.id = walk.start
join columns as s on s.id = walk.at;

-- Every column with every column that it has a part in.
create view downstream as
select source_dataset as dataset, source_column as column_, dataset as reader_dataset, column_ as reader_column from upstream;

-- Every dataset with every dataset that it is made from, however far.
create view dataset_upstream as
with recursive walk (start, at) as (
    select target, source from dataset_edges
    union
    select walk.start, e.source from walk join dataset_edges as e on e.target = walk.at
)
select start as dataset, at as source from walk;
