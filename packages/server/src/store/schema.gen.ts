// Made from the migrated database by the test beside it: vitest run -u schema. Do not edit.
import type { Generated, GeneratedAlways } from 'kysely'
import type { Json, JsonOrNull, JsonWithDefault, List, ListWithDefault, Time, TimeOrNull, TimeWithDefault } from './column-types.ts'

/** Every table and its columns. */
export interface Schema {
  readonly accepted_values: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly attribute: string
    readonly value: string
    readonly is_locked: Generated<boolean>
    readonly by_name: string
    readonly reason: string
    readonly since: Time
    readonly until: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly ended_by: string | null
    readonly ended_reason: string | null
  }
  readonly advisories: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly kind: string
    readonly source: string
    readonly revision: string
    readonly published: string
    readonly revised: string
    readonly body: Json
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly withdrawn: TimeOrNull
    readonly feed_id: Generated<string>
  }
  readonly advisory_revisions: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly advisory_id: string
    readonly revision: string
    readonly revised: string
    readonly body: Json
    readonly recorded: Time
    readonly created_at: TimeWithDefault
  }
  readonly asset_changes: {
    readonly id: GeneratedAlways<number>
    readonly position: Generated<number>
    readonly site_id: string
    readonly asset_id: string
    readonly time: TimeWithDefault
    readonly by_name: string
    readonly cause: string
    readonly reason: string | null
    readonly changes: Json
  }
  readonly asset_counts: {
    readonly site_id: string
    readonly type: string | null
    readonly category: string | null
    readonly manufacturer: string | null
    readonly unit: string | null
    readonly state: string
    readonly is_connected: boolean
    readonly has_critical: boolean
    readonly has_high: boolean
    readonly has_medium: boolean
    readonly has_low: boolean
    readonly count: number
  }
  readonly asset_search: {
    readonly asset_id: string
    readonly site_id: string
    readonly text: string
  }
  readonly asset_sights: {
    readonly asset_id: string
    readonly seen: Time
  }
  readonly asset_traits: {
    readonly id: Generated<string>
    readonly site_id: string
    readonly asset_id: string
    readonly kind: string
    readonly value: string
    readonly created_at: TimeWithDefault
  }
  readonly assets: {
    readonly id: string
    readonly site_id: string
    readonly state: string
    readonly is_connected: boolean
    readonly label: string
    readonly macs: ListWithDefault
    readonly ips: ListWithDefault
    readonly names: JsonWithDefault
    readonly hostname: string | null
    readonly manufacturer: string | null
    readonly manufacturer_confidence: number | null
    readonly model: string | null
    readonly model_confidence: number | null
    readonly type: string | null
    readonly type_confidence: number | null
    readonly category: string | null
    readonly category_confidence: number | null
    readonly firmware: string | null
    readonly firmware_confidence: number | null
    readonly serial: string | null
    readonly os: string | null
    readonly unit: string | null
    readonly room: string | null
    readonly owner: string | null
    readonly warranty_until: string | null
    readonly contract: string | null
    readonly in_use: Generated<string>
    readonly findings_critical: Generated<number>
    readonly findings_high: Generated<number>
    readonly findings_medium: Generated<number>
    readonly findings_low: Generated<number>
    readonly finding_rank: GeneratedAlways<number>
    readonly open_incidents: Generated<number>
    readonly merged_into: string | null
    readonly first_seen: Time
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly number: GeneratedAlways<number>
    readonly presence_reason: string | null
    readonly location_id: string | null
    readonly condition: string | null
    readonly tags: ListWithDefault
    readonly custom: JsonWithDefault
    readonly medical: string | null
    readonly medical_rule: string | null
    readonly accountable: string | null
    readonly responsible: string | null
    readonly deputy: string | null
    readonly ownership_until: string | null
    readonly ownership_rule: string | null
    readonly risk: number | null
    readonly risk_low: number | null
    readonly risk_high: number | null
    readonly risk_band: string | null
  }
  readonly audit_entries: {
    readonly id: number
    readonly site_id: string
    readonly time: Time
    readonly by_name: string
    readonly action: string
    readonly subject: string
    readonly reason: string | null
    readonly body: string
    readonly previous_hash: string
    readonly hash: string
    readonly created_at: TimeWithDefault
  }
  readonly authorizations: {
    readonly id: string
    readonly technician_id: string
    readonly site_id: string
    readonly manufacturer: string
    readonly model: string
    readonly type: string
    readonly level: string
    readonly from_date: string
    readonly until_date: string
    readonly proof: string
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly baselines: {
    readonly asset_id: string
    readonly site_id: string
    readonly stage: string
    readonly completeness: number
    readonly started: Time
    readonly learned_until: Time
    readonly days: Json
    readonly known: Json
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly hours: JsonWithDefault
    readonly number: GeneratedAlways<number>
  }
  readonly behaviour_models: {
    readonly site_id: string
    readonly examples: number
    readonly types: Json
    readonly trained_at: Time
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly behaviour_votes: {
    readonly asset_id: string
    readonly site_id: string
    readonly vote: Json
    readonly since: Time
    readonly created_at: TimeWithDefault
  }
  readonly change_proposals: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly changes: Json
    readonly reason: string
    readonly proposed_by: string
    readonly proposed_at: Time
    readonly state: Generated<string>
    readonly decided_by: string | null
    readonly decided_at: TimeOrNull
    readonly decision_reason: string | null
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly claims: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly attribute: string
    readonly value: string
    readonly confidence: number
    readonly rule: string
    readonly evidence: Json
    readonly against: Json
    readonly valid_from: Time
    readonly valid_to: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly compensating_controls: {
    readonly id: string
    readonly site_id: string
    readonly kind: string
    readonly name: string
    readonly reason: string
    readonly asset_ids: List
    readonly service: string | null
    readonly allowed: ListWithDefault
    readonly proposed_by: string
    readonly proposed_at: Time
    readonly approved_by: string | null
    readonly approved_at: TimeOrNull
    readonly confirmed_at: Time
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly content_changes: {
    readonly kind: string
    readonly site_id: Generated<string>
    readonly count: Generated<number>
  }
  readonly control_sights: {
    readonly id: string
    readonly control_id: string
    readonly asset_id: string
    readonly site_id: string
    readonly state: string
    readonly because: string
    readonly violation: JsonOrNull
    readonly since: TimeWithDefault
    readonly until: TimeOrNull
    readonly created_at: TimeWithDefault
  }
  readonly custom_fields: {
    readonly id: string
    readonly site_id: string
    readonly key: string
    readonly label: string
    readonly type: string
    readonly choices: ListWithDefault
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly declarations: {
    readonly id: string
    readonly site_id: string
    readonly key: string
    readonly asset_id: string | null
    readonly body: Json
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly declared_records: {
    readonly id: string
    readonly site_id: string
    readonly source: string
    readonly native_key: string
    readonly asset_id: string | null
    readonly body: Json
    readonly digest: string
    readonly import_id: string | null
    readonly seen_import_id: string | null
    readonly ended_by: string | null
    readonly since: Time
    readonly until: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly detections: {
    readonly id: string
    readonly site_id: string
    readonly detector: string
    readonly severity: string
    readonly severity_rank: GeneratedAlways<number>
    readonly state: string
    readonly actor_id: string | null
    readonly target_id: string | null
    readonly time: Time
    readonly last_time: Time
    readonly count: number
    readonly expected: string
    readonly seen: string
    readonly techniques: List
    readonly evidence: Json
    readonly remedy: string
    readonly incident_id: string | null
    readonly muted_until: TimeOrNull
    readonly decided_by: string | null
    readonly decision_reason: string | null
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly device_identifiers: {
    readonly di: string
    readonly site_id: Generated<string>
    readonly company: string
    readonly brand: string
    readonly model: string
    readonly product_codes: List
    readonly body: Json
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly documents: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly name: string
    readonly media_type: string
    readonly hash: string
    readonly bytes: number
    readonly by_name: string
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly dossier_entries: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly kind: string
    readonly body: Json
    readonly by_name: string
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly next_due: string | null
    readonly early_days: Generated<number>
    readonly is_due_known: Generated<boolean>
  }
  readonly exploit_signals: {
    readonly cve: string
    readonly site_id: Generated<string>
    readonly kev_added: string | null
    readonly kev_due: string | null
    readonly is_ransomware_known: boolean | null
    readonly epss: number | null
    readonly epss_percentile: number | null
    readonly epss_date: string | null
    readonly epss_model: string | null
    readonly ssvc_exploitation: string | null
    readonly ssvc_automatable: string | null
    readonly ssvc_technical_impact: string | null
    readonly ssvc_date: string | null
    readonly vectors: JsonWithDefault
    readonly sources: ListWithDefault
    readonly updated: Time
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly feed_runs: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly feed_id: string
    readonly way: string
    readonly by_name: string
    readonly started: Time
    readonly ended: Time
    readonly outcome: string
    readonly problem: string | null
    readonly counts: Json
    readonly created_at: TimeWithDefault
  }
  readonly feeds: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly is_enabled: Generated<boolean>
    readonly url: string | null
    readonly every_hours: number | null
    readonly cursor: JsonWithDefault
    readonly state: Generated<string>
    readonly data_date: TimeOrNull
    readonly last_run_at: TimeOrNull
    readonly last_success_at: TimeOrNull
    readonly last_way: string | null
    readonly problem: string | null
    readonly counts: JsonWithDefault
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly finding_counts: {
    readonly site_id: string
    readonly remedy: string
    readonly kind: string
    readonly subject: string
    readonly severity: string
    readonly verdict: string
    readonly count: number
    readonly is_sum: Generated<boolean>
  }
  readonly finding_decisions: {
    readonly id: string
    readonly site_id: string
    readonly finding_id: string
    readonly decision: string
    readonly reason: string
    readonly until: string | null
    readonly proposed_by: string
    readonly proposed_at: Time
    readonly approved_by: string | null
    readonly approved_at: TimeOrNull
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly scope: Generated<string>
    readonly basis: JsonWithDefault
    readonly ended_because: string | null
  }
  readonly finding_history: {
    readonly id: string
    readonly site_id: string
    readonly finding_id: string
    readonly time: Time
    readonly what: string
    readonly reason: string
    readonly created_at: TimeWithDefault
  }
  readonly findings: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly kind: string
    readonly subject: string
    readonly verdict: string
    readonly severity: string
    readonly severity_rank: GeneratedAlways<number>
    readonly state: string
    readonly cves: List
    readonly is_known_exploited: Generated<boolean>
    readonly because: string
    readonly missing: string | null
    readonly evidence: Json
    readonly remedy: string
    readonly opened: Time
    readonly closed: TimeOrNull
    readonly work_order_id: string | null
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly grounds: JsonWithDefault
    readonly statements: JsonWithDefault
  }
  readonly floor_plans: {
    readonly id: string
    readonly site_id: string
    readonly location_id: string
    readonly name: string
    readonly media_type: string
    readonly hash: string
    readonly bytes: number
    readonly width: number
    readonly height: number
    readonly by_name: string
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly flow_summaries: {
    readonly key: string
    readonly site_id: string
    readonly sensor: string
    readonly hour: Time
    readonly client_asset_id: string | null
    readonly client_ip: string
    readonly client_mac: string | null
    readonly server_asset_id: string | null
    readonly server_ip: string
    readonly server_mac: string | null
    readonly transport: string
    readonly port: number
    readonly protocol: string | null
    readonly first_seen: Time
    readonly last_seen: Time
    readonly sessions: number
    readonly packets_to_server: number
    readonly packets_to_client: number
    readonly bytes_to_server: number
    readonly bytes_to_client: number
    readonly file: string | null
    readonly flow: number | null
  }
  readonly identity_disputes: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly attribute: string
    readonly value: string
    readonly by_name: string
    readonly reason: string
    readonly since: Time
    readonly until: TimeOrNull
    readonly ended_by: string | null
    readonly ended_reason: string | null
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly import_rows: {
    readonly import_id: string
    readonly site_id: string
    readonly row: number
    readonly native_key: string | null
    readonly device: JsonOrNull
    readonly notes: JsonWithDefault
    readonly outcome: string
    readonly change: string | null
    readonly asset_id: string | null
    readonly score: number | null
    readonly reasons: JsonWithDefault
    readonly is_done: Generated<boolean>
  }
  readonly imports: {
    readonly id: string
    readonly site_id: string
    readonly source: string
    readonly name: string
    readonly digest: string
    readonly path: string | null
    readonly template: string
    readonly reading: Json
    readonly is_full: Generated<boolean>
    readonly state: string
    readonly rows: Generated<number>
    readonly position: Generated<number>
    readonly counts: JsonWithDefault
    readonly problem: string | null
    readonly by_name: string
    readonly started_at: TimeOrNull
    readonly finished_at: TimeOrNull
    readonly undone_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly inbox: {
    readonly stage: string
    readonly message_id: string
    readonly created_at: TimeWithDefault
  }
  readonly incidents: {
    readonly id: string
    readonly site_id: string
    readonly title: string
    readonly severity: string
    readonly severity_rank: GeneratedAlways<number>
    readonly state: string
    readonly remedy: string
    readonly actor_id: string | null
    readonly asset_ids: List
    readonly detection_ids: List
    readonly finding_ids: List
    readonly dossiers: Json
    readonly opened: Time
    readonly due: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly key_links: {
    readonly id: string
    readonly site_id: string
    readonly key: string
    readonly kind: string
    readonly asset_id: string
    readonly since: Time
    readonly until: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly locations: {
    readonly id: string
    readonly site_id: string
    readonly parent_id: string | null
    readonly kind: string
    readonly name: string
    readonly service_line: string | null
    readonly hours: string | null
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly log_entries: {
    readonly id: string
    readonly site_id: string
    readonly subject_id: string
    readonly time: Time
    readonly by_name: string
    readonly what: string
    readonly reason: string | null
    readonly created_at: TimeWithDefault
  }
  readonly maintenance_records: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly date: string
    readonly by_name: string
    readonly what: string
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly schedule_id: string | null
  }
  readonly maintenance_settings: {
    readonly site_id: string
    readonly since: string
    readonly is_on: boolean | null
    readonly lead_days: number | null
    readonly most_devices: number | null
    readonly with_records: boolean | null
    readonly by_name: string | null
    readonly reason: string | null
    readonly set_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly maintenance_work: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly work_order_id: string
    readonly origin: string
    readonly schedule_id: string | null
    readonly source: string | null
    readonly native_key: string | null
    readonly batch: string
    readonly name: string
    readonly due: string
    readonly ended_at: TimeOrNull
    readonly outcome: string | null
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly match_rates: {
    readonly site_id: string
    readonly week: string
    readonly records: number
    readonly matched: number
    readonly not_observable: number
    readonly seen: number
    readonly strangers: number
    readonly open_items: number
    readonly measured_at: Time
    readonly created_at: TimeWithDefault
  }
  readonly mds2_forms: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly manufacturer: string
    readonly models: List
    readonly version_range: string
    readonly edition: string
    readonly released: string | null
    readonly body: Json
    readonly withdrawn: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly merge_observations: {
    readonly merge_id: string
    readonly site_id: string
    readonly field: number
    readonly hash: number
    readonly is_own: boolean
  }
  readonly merge_rows: {
    readonly merge_id: string
    readonly site_id: string
    readonly table_name: string
    readonly key: string
    readonly before: Json
    readonly after: JsonOrNull
  }
  readonly merges: {
    readonly id: string
    readonly site_id: string
    readonly into_id: string
    readonly from_id: string
    readonly because: string
    readonly created_at: TimeWithDefault
    readonly undone_at: TimeOrNull
    readonly kind: Generated<string>
    readonly by_name: Generated<string>
    readonly undone_by: string | null
    readonly undone_because: string | null
  }
  readonly migrations: {
    readonly name: string
    readonly hash: string
    readonly created_at: TimeWithDefault
  }
  readonly observation_marks: {
    readonly id: Generated<number>
    readonly digest: string
    readonly page: Generated<number>
    readonly is_done: Generated<boolean>
    readonly updated_at: TimeWithDefault
  }
  readonly observation_names: {
    readonly id: GeneratedAlways<number>
    readonly kind: string
    readonly site_id: Generated<string>
    readonly name: string
    readonly created_at: TimeWithDefault
  }
  readonly observation_subjects: {
    readonly id: GeneratedAlways<number>
    readonly mac: string
    readonly ip: string
    readonly created_at: TimeWithDefault
  }
  readonly observations: {
    readonly first_seen: Time
    readonly last_seen: Time
    readonly frame: number
    readonly flow: number
    readonly asset: number
    readonly subject: number
    readonly field: number
    readonly sensor: number
    readonly file: number
    readonly count: number
    readonly value: string
    readonly bears: Generated<boolean>
  }
  readonly outbox: {
    readonly seq: GeneratedAlways<number>
    readonly id: string
    readonly subject: string
    readonly payload: JsonOrNull
    readonly created_at: TimeWithDefault
    readonly packed: Buffer | null
  }
  readonly parked_messages: {
    readonly subscription: string
    readonly id: string
    readonly subject: string
    readonly payload: Json
    readonly attempts: number
    readonly error: string
    readonly created_at: TimeWithDefault
  }
  readonly patches: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly manufacturer: string
    readonly model: string
    readonly cves: List
    readonly advisories: List
    readonly validated: string | null
    readonly source: string
    readonly body: Json
    readonly withdrawn: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly plan_positions: {
    readonly asset_id: string
    readonly site_id: string
    readonly plan_id: string
    readonly x: number
    readonly y: number
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly precedence_rules: {
    readonly site_id: string
    readonly attribute: string
    readonly sources: List
    readonly by_name: string
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly presence_events: {
    readonly id: string
    readonly site_id: string
    readonly asset_id: string
    readonly kind: string
    readonly time: Time
    readonly detail: string
    readonly created_at: TimeWithDefault
  }
  readonly product_codes: {
    readonly code: string
    readonly site_id: Generated<string>
    readonly name: string
    readonly device_class: string
    readonly is_life_support: boolean
    readonly is_implant: boolean
    readonly body: Json
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly protected_fields: {
    readonly site_id: string
    readonly field: string
    readonly is_protected: boolean
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly protection_lifts: {
    readonly id: string
    readonly site_id: string
    readonly field: string
    readonly reason: string
    readonly proposed_by: string
    readonly proposed_at: Time
    readonly approved_by: string | null
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly quarantined_documents: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly feed_id: string
    readonly name: string
    readonly hash: string
    readonly reason: string
    readonly bytes: number
    readonly raw: Buffer
    readonly found: Time
    readonly ended: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly reconciliation_items: {
    readonly id: string
    readonly site_id: string
    readonly kind: string
    readonly state: string
    readonly question: string
    readonly title: string
    readonly asset_id: string | null
    readonly record_id: string | null
    readonly import_id: string | null
    readonly import_row: number | null
    readonly score: number | null
    readonly reasons: JsonWithDefault
    readonly differences: JsonWithDefault
    readonly candidates: JsonWithDefault
    readonly owner: string | null
    readonly opened: Time
    readonly ended: TimeOrNull
    readonly decision: string | null
    readonly decided_by: string | null
    readonly decided_reason: string | null
    readonly effect: JsonOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly risk_days: {
    readonly site_id: string
    readonly day: string
    readonly scope: string
    readonly key: string
    readonly very_low: number
    readonly low: number
    readonly moderate: number
    readonly high: number
    readonly very_high: number
  }
  readonly risk_history: {
    readonly id: string
    readonly asset_id: string
    readonly site_id: string
    readonly time: TimeWithDefault
    readonly method_id: string
    readonly number: number
    readonly low: number
    readonly high: number
    readonly band: string
    readonly inputs: Json
  }
  readonly risk_methods: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly body: Json
    readonly created_at: TimeWithDefault
  }
  readonly risk_peers: {
    readonly asset_id: string
    readonly site_id: string
    readonly peer: string
    readonly peer_ip: string
    readonly direction: string
    readonly level: string
    readonly service: string
    readonly last_seen: Time
  }
  readonly risk_queue: {
    readonly seq: GeneratedAlways<number>
    readonly site_id: string
    readonly asset_id: string
  }
  readonly risk_scores: {
    readonly asset_id: string
    readonly site_id: string
    readonly method_id: string
    readonly number: number
    readonly low: number
    readonly high: number
    readonly band: string
    readonly likelihood: number
    readonly impact: number
    readonly inputs: Json
    readonly computed_at: TimeWithDefault
  }
  readonly risk_segment_hours: {
    readonly site_id: string
    readonly segment: string
    readonly hour: Time
  }
  readonly risk_segments: {
    readonly site_id: string
    readonly segment: string
    readonly first_seen: Time
    readonly last_seen: Time
  }
  readonly risk_settings: {
    readonly id: string
    readonly site_id: string
    readonly method_id: string
    readonly reason: string
    readonly proposed_by: string
    readonly proposed_at: Time
    readonly approved_by: string | null
    readonly approved_at: TimeOrNull
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly rule_dates: {
    readonly asset_id: string
    readonly site_id: string
    readonly next: string
  }
  readonly rule_runs: {
    readonly site_id: string
    readonly digest: string
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly rule_sets: {
    readonly id: string
    readonly site_id: string
    readonly kind: string
    readonly rules: Json
    readonly reason: string
    readonly by_name: string
    readonly since: Time
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly saved_views: {
    readonly id: string
    readonly site_id: string
    readonly owner_id: string
    readonly name: string
    readonly search: string
    readonly is_shared: boolean
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly sboms: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly manufacturer: string
    readonly model: string
    readonly source: string
    readonly published: string
    readonly body: Json
    readonly withdrawn: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly sensor_health: {
    readonly id: string
    readonly site_id: string
    readonly sensor: string
    readonly code: string
    readonly scope: string
    readonly share: number
    readonly since: Time
    readonly until: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly sensors: {
    readonly id: string
    readonly site_id: string
    readonly kind: string
    readonly name: string
    readonly state: string
    readonly frames: Generated<number>
    readonly flows: Generated<number>
    readonly observations: Generated<number>
    readonly first_frame: TimeOrNull
    readonly last_frame: TimeOrNull
    readonly progress: number | null
    readonly problem: string | null
    readonly counters: JsonWithDefault
    readonly reported_at: Time
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
    readonly coverage: JsonWithDefault
  }
  readonly separations: {
    readonly id: string
    readonly site_id: string
    readonly one_id: string
    readonly other_id: string
    readonly because: string
    readonly by_name: string
    readonly created_at: TimeWithDefault
    readonly ended_at: TimeOrNull
  }
  readonly sessions: {
    readonly token_hash: Buffer
    readonly site_id: Generated<string>
    readonly user_id: string
    readonly last_used_at: TimeWithDefault
    readonly expires_at: Time
    readonly ended_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly signal_changes: {
    readonly site_id: Generated<string>
    readonly cve: string
  }
  readonly sites: {
    readonly id: string
    readonly name: string
    readonly time_zone: Generated<string>
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly subscriptions: {
    readonly name: string
    readonly subject: string
    readonly position: number
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly support_dates: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly kind: string
    readonly manufacturer: string
    readonly model: string
    readonly end_of_support: string
    readonly source: string
    readonly body: Json
    readonly withdrawn: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly technicians: {
    readonly id: string
    readonly site_id: string
    readonly name: string
    readonly employer: string
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly users: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly username: string
    readonly name: string
    readonly password_hash: string
    readonly must_change_password: boolean
    readonly roles: List
    readonly sites: List
    readonly technician_id: string | null
    readonly is_active: Generated<boolean>
    readonly last_sign_in_at: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly vex_statements: {
    readonly id: string
    readonly site_id: Generated<string>
    readonly manufacturer: string
    readonly model: string
    readonly status: string
    readonly source: string
    readonly published: string
    readonly body: Json
    readonly withdrawn: TimeOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
  readonly work_orders: {
    readonly id: string
    readonly number: GeneratedAlways<number>
    readonly site_id: string
    readonly kind: string
    readonly title: string
    readonly state: string
    readonly severity: string
    readonly severity_rank: GeneratedAlways<number>
    readonly asset_ids: List
    readonly incident_id: string | null
    readonly finding_ids: List
    readonly expectation: Json
    readonly technician_id: string | null
    readonly opened: Time
    readonly due: TimeOrNull
    readonly done: TimeOrNull
    readonly seen_until: TimeOrNull
    readonly resolution: string | null
    readonly verification: JsonOrNull
    readonly created_at: TimeWithDefault
    readonly updated_at: TimeWithDefault
  }
}
