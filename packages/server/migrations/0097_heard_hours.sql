-- Hours in which traffic of a segment was heard: silence of an hour without a sensor proves nothing.
create table risk_segment_hours (
  site_id text not null,
  segment text not null,
  hour timestamptz not null,
  primary key (site_id, segment, hour)
);
