/** How behaviour is learned and watched: data in `content/behaviour/learning.yaml`. */
export interface LearningSettings {
  /** Distinct days with traffic before an asset is watched. */
  readonly minimumDays: number
  /** Distinct hours of the day (0 to 24) with traffic that count as having seen its rhythm. */
  readonly minimumHours: number
  /** The same alarm is raised again only after so many hours. */
  readonly repeatAfterHours: number
  /** Distinct ports of one device, probed by one client in one hour, that make a scan. */
  readonly scanPorts: number
  /** Distinct devices, probed on one port by one client in one hour, that make a sweep. */
  readonly scanPeers: number
  /** Services that nobody may open on a medical device without a word about it, by protocol or `tcp/23`. */
  readonly weakServices: readonly string[]
  /** Protocols that keep a network running and say nothing about behaviour. */
  readonly infrastructure: readonly string[]
}
