export * from './vocabulary.ts'
export * from './refusal.ts'
export { startBaseline } from './behaviour/baseline.ts'
export type { Detector } from './behaviour/detector.ts'
export { isHabit } from './behaviour/habit.ts'
export { DETECTORS, forgetAlarm, learnDetection, observe } from './behaviour/observe.ts'
export type { Observed, ObserveInput } from './behaviour/observe.ts'
export type { LearningSettings } from './behaviour/settings.ts'
export { indexAdvisories } from './exposure/advisory-index.ts'
export type { AdvisoryIndex } from './exposure/advisory-index.ts'
export { buffersOf, startCpeColumns } from './exposure/cpe-columns.ts'
export type { CpeColumns } from './exposure/cpe-columns.ts'
export { openCpeIndex } from './exposure/cpe-index.ts'
export type { CpeIndex } from './exposure/cpe-index.ts'
export { whyDecisionEnds } from './exposure/decision.ts'
export type { DecisionBasis } from './exposure/decision.ts'
export { parseCsaf } from './exposure/csaf.ts'
export type { ParsedCsaf } from './exposure/csaf.ts'
export type { MakerNames } from './exposure/maker.ts'
export { deviceOf, match } from './exposure/match.ts'
export { mergeRecalls, parseRecall } from './exposure/recall.ts'
export { isUnderstood, parseRange } from './exposure/range.ts'
export type { Range } from './exposure/range.ts'
export { reconcileFindings } from './exposure/reconcile.ts'
export type { FindingChange, Reconciled, ReconcileInput } from './exposure/reconcile.ts'
export { severityOfAdvisory } from './exposure/severity.ts'
export { indexSboms } from './exposure/sbom-index.ts'
export type { SbomIndex } from './exposure/sbom-index.ts'
export { applyStatements, indexStatements } from './exposure/statements.ts'
export type { StatementIndex } from './exposure/statements.ts'
export { indexSupport } from './exposure/support.ts'
export type { SupportIndex, Unsupported } from './exposure/support.ts'
export { compareVersions } from './exposure/version.ts'
export { findWeaknesses, WEAKNESS_FIELDS, WEAKNESS_RULES } from './exposure/weakness.ts'
export { kindOfMac } from './identity/address.ts'
export { bearingBasis, bearsOnAsset } from './identity/bearing.ts'
export { compileFingerprints } from './identity/fingerprint.ts'
export type { Fingerprint, FingerprintMatch, FingerprintSet } from './identity/fingerprint.ts'
export { checkDrafts } from './identity/foreign/draft.ts'
export type { DraftOrRejection, ForeignContent, Rejection } from './identity/foreign/draft.ts'
export { readFingerbank } from './identity/foreign/fingerbank.ts'
export { readP0f } from './identity/foreign/p0f.ts'
export { readRecog } from './identity/foreign/recog.ts'
export { readSatori } from './identity/foreign/satori.ts'
export { identify } from './identity/identify.ts'
export type { Identity, Standing } from './identity/identify.ts'
export { addressKeys, keysOf, statedKeys } from './identity/keys.ts'
export { rememberedFor } from './identity/memo.ts'
export { traitOf } from './identity/traits.ts'
export type { Trait } from './identity/traits.ts'
export type { Key, Said } from './identity/keys.ts'
export type { Knowledge } from './identity/knowledge.ts'
export { labelOf } from './identity/label.ts'
export {
  PRESENCE_KINDS,
  classChangeOf,
  findAddressChanges,
  judgePresence,
  longestQuietOf,
  quietTimesOf,
} from './identity/presence.ts'
export type { PresenceKind, PresenceSettings, Watcher } from './identity/presence.ts'
export { resolve } from './identity/resolve.ts'
export type { Resolution, ResolveSettings } from './identity/resolve.ts'
export { compileVocabulary } from './identity/vocabulary.ts'
export type { Category, DeviceType, Manufacturer, Vocabulary } from './identity/vocabulary.ts'
export { habitsOf, learnBehaviour, voteOn } from './identity/behaviour-model.ts'
export type { Example, Habits, Vote } from './identity/behaviour-model.ts'
export {
  decideDispute,
  decideLock,
  demandDisputed,
  demandLocked,
} from './inventory/identity-decision.ts'
export type { IdentityStand } from './inventory/identity-decision.ts'
export { judgeControls } from './inventory/controls.ts'
export type { Control, ProtectionFacts } from './inventory/controls.ts'
export { faultOfValue, keyOfLabel } from './inventory/custom-field.ts'
export { readDocumentType } from './inventory/document.ts'
export type { DocumentType } from './inventory/document.ts'
export {
  datesOf,
  faultsOf,
  firstMatch,
  isDated,
  nextChange,
  RULE_DATES,
  RULE_FIELDS,
} from './inventory/rules.ts'
export type {
  Condition,
  MedicalOutcome,
  MedicalRule,
  OwnershipOutcome,
  OwnershipRule,
  Rule,
  RuleDate,
  RuleFacts,
  RuleField,
} from './inventory/rules.ts'
export {
  addDays,
  dueDates,
  earlyDays,
  INTERVAL_UNITS,
  SCHEDULE_PROGRAMS,
} from './inventory/schedule.ts'
export type { Due, Schedule } from './inventory/schedule.ts'
export { readImage } from './inventory/image.ts'
export {
  demandPlace,
  LOCATION_KINDS,
  pathTo,
  planPlaces,
  unitAndRoom,
  within,
} from './inventory/places.ts'
export type { Location, LocationKind, PlacePlan, PlaceRow } from './inventory/places.ts'
export {
  changesOf,
  DECLARED_FIELDS,
  demandDecidable,
  demandUnchanged,
  demandUnprotected,
  demandWithdrawable,
  PROPOSAL_STATES,
  stepToProtection,
} from './inventory/proposal.ts'
export type { DeclaredField, FieldChanges, Proposal, ProposalState } from './inventory/proposal.ts'
export { compileWeights } from './identity/weights.ts'
export type { IdentityWeights } from './identity/weights.ts'
export { answersOf, assembleDossier } from './purchase/dossier.ts'
export type { DossierAdvisory, Experience, Known, PurchaseDossier } from './purchase/dossier.ts'
export {
  cloneOf,
  judgeAsset,
  observedValue,
  RECONCILIATION_KINDS,
  subnetOf,
} from './inventory/discrepancies.ts'
export { suggestPairs } from './inventory/suggest.ts'
export { findTwins } from './inventory/twins.ts'
export type { TwinView } from './inventory/twins.ts'
export type {
  AssetView,
  Coverage,
  Difference,
  Discrepancy,
  Judged,
  ReconcileSettings,
  ReconciliationKind,
  RecordView,
} from './inventory/discrepancies.ts'
export type { Suggestion } from './inventory/suggest.ts'
export { DATE_ORDERS } from './inventory/dates.ts'
export type { DateOrder } from './inventory/dates.ts'
export { IMPORT_FIELD_NAMES, IMPORT_FIELDS } from './inventory/fields.ts'
export type { DeclaredDevice, ImportField, ImportTemplate } from './inventory/fields.ts'
export { checkColumns, guessColumns, guessTemplate, isPatientColumn } from './inventory/mapping.ts'
export type { Columns } from './inventory/mapping.ts'
export { decideRow, MATCH_KEYS, ROW_OUTCOMES } from './inventory/match-row.ts'
export type {
  Candidate,
  MatchSettings,
  RowDecision,
  RowOutcome,
  ScoredCandidate,
} from './inventory/match-row.ts'
export { orderOf, standingValue, VALUE_SOURCES, weaveClaims } from './inventory/precedence.ts'
export type { Precedence, SetValue, ValueSource } from './inventory/precedence.ts'
export type { ReadingKnowledge } from './inventory/read-row.ts'
export { nativeKeyOf, readTable, serialKeyOf } from './inventory/read-table.ts'
export type { ReadingSettings, ReadRow, TableReading } from './inventory/read-table.ts'
export { declaredState } from './inventory/state.ts'
export { compileTypeWords } from './inventory/type-words.ts'
export { readUdi } from './inventory/udi.ts'
export type { Gs1Reader, Udi, UdiReading } from './inventory/udi.ts'
export { segmentNameOf } from './inventory/segment-name.ts'
export { useByHour } from './inventory/use.ts'
export type { HourOfTraffic, LookedAt, UseCell } from './inventory/use.ts'
export { checkAuthorization, findAuthorized } from './response/authorization.ts'
export type { AuthorizedDevice } from './response/authorization.ts'
export { batchesOf, endMaintenance, orderForMaintenance } from './response/maintenance.ts'
export type {
  Batch,
  DueMaintenance,
  MaintenanceEnd,
  MaintenanceSettings,
} from './response/maintenance.ts'
export { acknowledge, contain, resolveIncident, review } from './response/incident.ts'
export { extendWork, orderForFinding } from './response/order.ts'
export type { ResponseClock, ResponsePlan } from './response/plan.ts'
export type { ResponseRefusal } from './response/refusals.ts'
export { triage } from './response/triage.ts'
export type { Triage, TriageInput } from './response/triage.ts'
export { verify } from './response/verify.ts'
export type { SeenSinceDone, Verification } from './response/verify.ts'
export {
  assign,
  cancel,
  close,
  complete,
  hold,
  prepare,
  recordVerification,
  resume,
  start,
  unassign,
} from './response/work-order.ts'
export { ActionRanking, actionsFor, applyAction, rankActions } from './risk/action.ts'
export type { RankedAction, RiskAction, RiskyAsset } from './risk/action.ts'
export { CONTROL_STATES, isViolation, judgeControl } from './risk/control.ts'
export type {
  CompensatingControl,
  ControlJudgement,
  ControlSight,
  ControlState,
} from './risk/control.ts'
export { SSVC_EXPLOITATIONS } from './risk/inputs.ts'
export type { RiskControl, RiskDevice, RiskFinding, RiskInputs, RiskReach } from './risk/inputs.ts'
export { legacyState, supportEndOf } from './risk/legacy.ts'
export type { SupportEnd } from './risk/legacy.ts'
export {
  ACTION_KINDS,
  CONTROL_KINDS,
  HARM_CLASSES,
  LEGACY_STATES,
  REACH_LEVELS,
  RISK_FACTORS,
  RISK_LEVELS,
  WEIGHED_FACTORS,
  checkMethod,
} from './risk/method.ts'
export type {
  ActionKind,
  ControlKind,
  LegacyState,
  ReachLevel,
  RiskFactorId,
  RiskLevel,
  RiskMethod,
} from './risk/method.ts'
export { harmClassOf } from './risk/parts.ts'
export { peersOfFlow, reachOf, segmentOf } from './risk/reach.ts'
export type { SeenPeer } from './risk/reach.ts'
export { sayFactors } from './risk/say.ts'
export type { FactorReason } from './risk/say.ts'
export { bandOf, explainRisk, scoreRisk } from './risk/score.ts'
export type { RiskFactor, RiskScore } from './risk/score.ts'
export { suppose } from './risk/what-if.ts'
export type { WhatIf } from './risk/what-if.ts'
export { isPrivateIp } from './identity/address.ts'
export { HEALTH_CODES, judgeHealth, nameOfVlan } from './sensing/coverage.ts'
export type {
  HealthCode,
  HealthIssue,
  NetworkCoverage,
  SensorCoverage,
  SensorState,
  VlanCoverage,
} from './sensing/coverage.ts'
export { readCsafDocument } from './feeds/csaf-document.ts'
export { parseCveRecord } from './feeds/cve-record.ts'
export { scoreOf, scoreVector, sortVectors } from './feeds/cvss.ts'
export { parseEpss } from './feeds/epss.ts'
export { BadDocument, dayOf, isCve } from './feeds/facts.ts'
export type {
  BadRecord,
  DeviceIdentifier,
  ExploitSignal,
  FeedFacts,
  ParsedDocument,
  Patch,
  ProductCode,
  ScoredVector,
} from './feeds/facts.ts'
export { indexMds2, sayClaim } from './exposure/mds2-index.ts'
export type { Contradiction, Mds2Index } from './exposure/mds2-index.ts'
export {
  BUNDLED_FEED,
  stalenessOf,
  stalest,
  verdictToShow,
  whyAbsenceIsUnknown,
} from './feeds/freshness.ts'
export type { FeedAge, ShownVerdict, Staleness } from './feeds/freshness.ts'
export { parseKev } from './feeds/kev.ts'
export { MDS2_ANSWERS, parseMds2, rowsOfText } from './feeds/mds2.ts'
export type { Mds2Claim, Mds2Form } from './feeds/mds2.ts'
export { findContradictions } from './feeds/mds2-contradiction.ts'
export type { SeenOfDevice } from './feeds/mds2-contradiction.ts'
export { parseNvd, totalOf } from './feeds/nvd.ts'
export {
  dateOf,
  decodeRecalls,
  joinRecalls,
  parseClassification,
  parseFoiClass,
  parseIdentifiers,
  recordsOf,
} from './feeds/openfda.ts'
export { parseCycloneDx, parseSpdx, parseSpdxTagValue } from './feeds/sbom.ts'
export type { SbomHint } from './feeds/sbom.ts'
export { parseNotices } from './feeds/notices.ts'
export { parsePatches, parseSupportDates } from './feeds/tables.ts'
export type { Rows } from './feeds/tables.ts'
export { parseCycloneVex, parseOpenVex } from './feeds/vex.ts'
export { objectsAt, textAt } from './exposure/json.ts'
