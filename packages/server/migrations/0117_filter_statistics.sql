-- Of an index that leaves out merged assets the planner takes no statistics: it believed that any filter of the
-- inventory keeps one asset in 200 and fetched 11,000 without a maker to show 50. These are gathered with `analyze`.
create statistics assets_by_manufacturer on (coalesce(manufacturer, '')) from assets;
create statistics assets_by_model on (coalesce(model, '')) from assets;
create statistics assets_by_type on (coalesce(type, '')) from assets;
create statistics assets_by_category on (coalesce(category, '')) from assets;
create statistics assets_by_unit on (coalesce(unit, '')) from assets;
create statistics assets_by_connection on ((is_connected::text)) from assets;
create statistics assets_by_risk on (coalesce(risk, -1)) from assets;
analyze assets;
