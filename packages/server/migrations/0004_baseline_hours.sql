-- Distinct hours of the week with traffic, 0 to 167: without them completeness began anew at each message.
alter table baselines add column hours jsonb not null default '[]';
