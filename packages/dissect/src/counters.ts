import type { InspectorCounters } from './inspector-listener.ts'

/** What the engine counts. Every frame that is not used shows up here. */
export class EngineCounters implements InspectorCounters {
  frames = 0
  /** Bytes on the wire. */
  bytes = 0
  /** Frames that were an IP packet or a message of the link layer. */
  decodedFrames = 0
  /** Frames of which the capture holds only a part. */
  truncatedFrames = 0
  /** Frames cut short or malformed below the transport. */
  malformedFrames = 0
  /** Frames of a link type that is not known. */
  unknownLinkFrames = 0
  /** Later fragments whose first one was not seen. */
  orphanFragments = 0
  /** Packets that were put together from their fragments, and those whose fragments did not all come or fit together. */
  reassembledPackets = 0
  abandonedPackets = 0
  /** Packets inside a tunnel over UDP. */
  tunnelledPackets = 0
  flows = 0
  /** Flows reported before they were over, because there were too many. */
  evictedFlows = 0
  /** Flows with payload that no dissector knew. */
  unrecognisedFlows = 0
  /** Segments ahead of what was seen so far: lost by the capture, or out of order. */
  tcpGaps = 0
  observations = 0
  /** Messages that did not fit their protocol. */
  brokenMessages = 0
  /** Choices of a dissector that were taken back. */
  withdrawnProtocols = 0
  inspectionsDropped = 0
  /** Exceptions that dissectors threw: always a defect of ours. */
  defects = 0
  retransmittedSegments = 0
  earlySegments = 0
  /** Gaps in streams under inspection that were given up, and the bytes in them. */
  gaps = 0
  lostBytes = 0
  /** Streams whose message was longer than may be kept. */
  reassemblyDrops = 0
  /** Frames whose time lies before that of an earlier one. */
  clockSteps = 0
}
