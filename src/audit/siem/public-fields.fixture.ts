/**
 * The fields of each form as their publishers list them, of which ours are a part. Written down by hand
 * from those pages, each named beside its list; nothing here is taken from our mappings.
 */

/**
 * Attributes by dotted path, lists as what is in them. Checked against the schema's repository
 * (ocsf/ocsf-schema: events, objects, profiles) and its change log up to 1.5.0, April 28th, 2025.
 * @see https://schema.ocsf.io/1.5.0/classes/api_activity and /objects/metadata
 */
const OCSF_BASE = words(`
  activity_id activity_name category_uid category_name class_uid class_name type_uid type_name
  severity_id severity time message status_id status status_code status_detail duration
  metadata.version metadata.product.name metadata.product.vendor_name metadata.product.version
  metadata.profiles metadata.uid metadata.correlation_uid metadata.sequence metadata.event_code
  metadata.original_time metadata.log_name metadata.log_provider metadata.tenant_uid
`)
/**
 * Of every class since 1.4.0; `policy.is_applied` since 1.2.0.
 * @see https://schema.ocsf.io/1.5.0/profiles/security_control
 */
const OCSF_SECURITY_CONTROL = words(`
  action_id action disposition_id disposition
  policy.uid policy.name policy.desc policy.is_applied
  authorizations.decision
`)
/** @see https://schema.ocsf.io/1.5.0/objects/actor and /objects/user */
const OCSF_ACTOR = words(`
  actor.app_name actor.session.uid actor.user.uid actor.user.name actor.user.type_id actor.user.type
  actor.user.org.uid actor.user.groups.name
`)
/** @see https://schema.ocsf.io/1.5.0/objects/api and /objects/network_endpoint and /objects/resource_details */
const OCSF_PARTIES = [
  ...OCSF_ACTOR,
  ...words(`
    api.operation api.service.name api.request.uid api.response.error
    src_endpoint.name src_endpoint.uid src_endpoint.hostname dst_endpoint.svc_name
    resources.uid resources.name resources.type
  `),
]

export const OCSF_FIELDS: Readonly<Record<number, readonly string[]>> = {
  6003: [...OCSF_BASE, ...OCSF_SECURITY_CONTROL, ...OCSF_PARTIES],
  // `evidences.resources` since 1.5.0.
  // @see https://schema.ocsf.io/1.5.0/classes/detection_finding and /objects/finding_info, /objects/evidences
  2004: [
    ...OCSF_BASE,
    ...OCSF_PARTIES.map((path) => `evidences.${path}`),
    ...words(`
      confidence_score risk_score is_alert
      finding_info.uid finding_info.title finding_info.desc finding_info.created_time
      finding_info.analytic.type_id finding_info.analytic.type finding_info.analytic.name
      finding_info.analytic.uid
      finding_info.related_analytics.type_id finding_info.related_analytics.type
      finding_info.related_analytics.name finding_info.related_analytics.uid
    `),
  ],
  // @see https://schema.ocsf.io/1.5.0/classes/entity_management and /objects/managed_entity
  3004: [
    ...OCSF_BASE,
    ...OCSF_ACTOR,
    ...words(
      'comment entity.type_id entity.type entity.uid entity.name entity.policy.uid entity.policy.name',
    ),
  ],
}

export const OCSF_REQUIRED: Readonly<Record<number, readonly string[]>> = {
  6003: words(`
    activity_id category_uid class_uid metadata severity_id time type_uid actor api src_endpoint
  `),
  2004: words(`
    activity_id category_uid class_uid metadata severity_id time type_uid finding_info
  `),
  3004: words('activity_id category_uid class_uid metadata severity_id time type_uid entity'),
}

/** `action_id` 3 and 4 since 1.4.0. @see https://schema.ocsf.io/1.5.0/profiles/security_control and /classes/base_event */
export const OCSF_ENUMS: Readonly<Record<string, readonly number[]>> = {
  severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
  action_id: [0, 1, 2, 3, 4, 99],
  disposition_id: [...Array.from({ length: 28 }, (_, id) => id), 99],
}
export const OCSF_CATEGORY: Readonly<Record<number, number>> = { 6003: 6, 2004: 2, 3004: 3 }
/** What a finding of a disposition conforms to, by action. @see https://schema.ocsf.io/1.5.0/profiles/security_control */
export const OCSF_DISPOSITIONS: Readonly<Record<number, readonly string[]>> = {
  1: ['Allowed', 'Approved', 'Delayed', 'No Action', 'Count'],
  2: ['Blocked', 'Rejected', 'Quarantined', 'Isolated', 'Dropped', 'Access Revoked'],
  3: ['Logged', 'Alert', 'Detected', 'Count'],
  4: ['Restored', 'Corrected', 'Delayed', 'Captcha', 'Tagged'],
}
/** 5 to 13 of Entity Management since 1.3.0. @see https://schema.ocsf.io/1.5.0/classes/entity_management */
export const OCSF_ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  6003: [0, 1, 2, 3, 4, 99],
  2004: [0, 1, 2, 3, 99],
  3004: [...Array.from({ length: 14 }, (_, id) => id), 99],
}
/** Types of an entity that have an attribute of their own. @see https://schema.ocsf.io/1.5.0/objects/managed_entity */
export const OCSF_ENTITIES: Readonly<Record<number, string>> = { 5: 'policy' }
/** 6 of a finding, `Deleted`, comes with 1.6.0. @see https://schema.ocsf.io/1.5.0/classes/finding */
export const OCSF_STATUSES: Readonly<Record<number, readonly number[]>> = {
  6003: [0, 1, 2, 99],
  2004: [0, 1, 2, 3, 4, 5, 99],
  3004: [0, 1, 2, 99],
}

/**
 * Checked against elastic/ecs: schemas and its pages for 8.17.
 * @see https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
 */
export const ECS_FIELDS = words(`
  @timestamp message ecs.version
  event.kind event.category event.type event.outcome event.action event.reason event.code event.id
  event.sequence event.severity event.risk_score event.duration event.dataset event.module
  event.provider
  rule.id rule.name rule.ruleset rule.category rule.description
  user.id user.name organization.id group.name service.name trace.id transaction.id error.type
  observer.name observer.product observer.vendor observer.type observer.version
  related.user related.hash
`)

/** @see https://www.elastic.co/guide/en/ecs/8.17/ecs-category-field-values-reference.html */
export const ECS_KINDS = words('alert asset enrichment event metric state pipeline_error signal')
export const ECS_OUTCOMES = words('failure success unknown')

/** Which types go with which category. @see https://www.elastic.co/guide/en/ecs/8.17/ecs-allowed-values-event-category.html */
export const ECS_TYPES: Readonly<Record<string, readonly string[]>> = {
  api: words('access admin allowed change creation deletion denied end info start user'),
  configuration: words('access change creation deletion info'),
  iam: words('admin change creation deletion group info user'),
  intrusion_detection: words('allowed denied info'),
  session: words('start end info'),
}

/** @see ArcSight Common Event Format Implementation Standard, version 27, "Header field definitions" */
export const CEF_HEADER_LENGTHS = [5, 63, 63, 31, 1023, 512, 2] as const

/**
 * Extension keys that producers set, all of specification 0.1, and their longest values; of numbers and
 * times, which have none there, what a signed 64-bit number takes.
 * @see ArcSight Common Event Format Implementation Standard, version 27, "ArcSight extension dictionary",
 *   https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-25.1/pdfdoc/cef-implementation-standard/cef-implementation-standard.pdf
 */
export const CEF_KEYS: Readonly<Record<string, number>> = {
  act: 63,
  cat: 1023,
  cn1: 20,
  cn1Label: 1023,
  cn2: 20,
  cn2Label: 1023,
  cn3: 20,
  cn3Label: 1023,
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].flatMap((at) => [
      [`cs${at}`, 4000],
      [`cs${at}Label`, 1023],
    ]),
  ),
  destinationServiceName: 1023,
  deviceFacility: 1023,
  externalId: 40,
  flexString1: 1023,
  flexString1Label: 128,
  flexString2: 1023,
  flexString2Label: 128,
  msg: 1023,
  outcome: 63,
  reason: 1023,
  request: 1023,
  requestContext: 2048,
  requestMethod: 1023,
  rt: 20,
  sourceServiceName: 1023,
  spriv: 1023,
  suid: 1023,
  suser: 1023,
}

/**
 * Those that need no address. `identGrpName` is not among them: it is read only beside `identSrc`.
 * @see IBM QRadar LEEF format guide, version 2,
 *   https://www.ibm.com/docs/en/dsm?topic=overview-predefined-leef-event-attributes
 */
export const LEEF_KEYS = words(`
  devTime devTimeFormat cat sev usrName accountName groupID domain realm role policy resource url
`)
export const LEEF_LENGTHS: Readonly<Record<string, number>> = { usrName: 255, accountName: 255 }

/**
 * Attributes of the specification, and of its extensions distributed tracing, sequence and partitioning.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md and /extensions
 */
export const CLOUDEVENT_REQUIRED = words('id source specversion type')
export const CLOUDEVENT_FIELDS = [
  ...CLOUDEVENT_REQUIRED,
  ...words('subject time datacontenttype data traceparent sequence partitionkey'),
]

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
