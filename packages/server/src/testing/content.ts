import {
  compileFingerprints,
  compileVocabulary,
  type Advisory,
  type ImportTemplate,
} from '@wardkeeper/core'
import path from 'node:path'
import type { Content } from '../content/load.ts'
import { loadRisk } from '../content/risk.ts'

const ADVISORY: Advisory = {
  id: 'TEST-26-001',
  kind: 'csaf',
  source: 'test',
  revision: '1',
  published: '2026-01-02',
  updated: '2026-01-02',
  products: [
    { pid: 'P1', vendor: 'Acme', product: 'Drip 9', range: '< 3.0', cves: ['CVE-2026-0001'] },
  ],
  vulnerabilities: [{ cve: 'CVE-2026-0001', vectors: [], baseScore: 8.1, kev: '2026-02-03' }],
  remedies: [{ kind: 'vendor_fix', pids: ['P1'] }],
  link: 'https://example.org/TEST-26-001',
}

const RISK_FOLDER = path.resolve(import.meta.dirname, '../../../../content/risk')

const TEMPLATE: ImportTemplate = {
  id: 'generic',
  name: 'Any table',
  kind: 'cmms',
  isFull: false,
  columns: {
    tag: ['tag'],
    serial: ['serial'],
    manufacturer: ['maker'],
    model: ['model'],
    description: ['description'],
    firmware: ['version'],
    mac: ['mac'],
    ip: ['ip'],
    hostname: ['hostname'],
    unit: ['unit'],
    room: ['room'],
    status: ['status'],
    connected: ['connected'],
    warrantyUntil: ['warranty'],
    nextPm: ['next pm'],
  },
}

const hour = { acknowledge: 60, contain: 60, resolve: 60, review: 60, workOrder: 60 }

/** A little knowledge, made up, so that tests do not depend on what the product knows this week. */
export async function testContent(): Promise<Content> {
  return {
    knowledge: {
      fingerprints: compileFingerprints({
        'dhcp.vendor-class': [
          {
            id: 'acme-drip',
            pattern: '^Acme Drip (\\d) v([0-9.]+)$',
            confidence: 'certain',
            claims: {
              manufacturer: 'Acme',
              model: 'Drip $1',
              type: 'infusion-pump',
              firmware: '$2',
            },
            examples: [
              {
                value: 'Acme Drip 9 v2.1',
                claims: {
                  manufacturer: 'Acme',
                  model: 'Drip 9',
                  type: 'infusion-pump',
                  firmware: '2.1',
                },
              },
            ],
          },
        ],
      }),
      vocabulary: compileVocabulary({
        categories: [{ id: 'infusion', name: 'Infusion', clinical: true }],
        'device-types': [
          {
            id: 'infusion-pump',
            name: 'Infusion pump',
            category: 'infusion',
            regulated: true,
            lifeSupport: true,
          },
        ],
        manufacturers: [{ name: 'Acme', aliases: ['Acme Medical'], makes: [] }],
      }),
      makerOfMac: (mac) => (mac.startsWith('00:1b:44') ? 'Acme Medical Ltd' : undefined),
    },
    advisories: [ADVISORY],
    advisoryDate: '2026-01-02',
    responsePlan: {
      name: 'test',
      version: 1,
      incidentFrom: 'high',
      otherTypes: ['workstation'],
      clocks: { critical: hour, high: hour, medium: hour, low: hour },
      roles: {
        acknowledge: ['analyst'],
        contain: ['network'],
        resolve: ['manager'],
        review: ['manager'],
      },
    },
    protectedFields: ['state'],
    presence: { default: { quietAfterMinutes: 60, missingAfterHours: 168 }, byCategory: {} },
    inventory: {
      templates: [TEMPLATE],
      maintenance: { isOn: true, leadDays: 14, mostDevices: 20, withRecords: false },
      matching: {
        equal: {
          native: 1,
          mac: 0.96,
          serial: 0.94,
          shortSerial: 0.6,
          tag: 0.9,
          hostname: 0.7,
          ip: 0.45,
          model: 0.35,
          place: 0.2,
        },
        contrary: { serial: 0.5, manufacturer: 0.5, model: 0.8, type: 0.9, mac: 0.85 },
        matchFrom: 0.85,
        askFrom: 0.4,
        distance: 0.1,
        ghostAfterDays: 14,
        observedFrom: 2,
      },
      precedence: {
        '*': ['locked', 'accepted', 'declared', 'observed'],
        firmware: ['locked', 'accepted', 'observed', 'declared'],
      },
    },
    rules: {
      medical: [
        {
          name: 'regulated',
          when: [{ field: 'regulated', is: ['yes'] }],
          outcome: { medical: 'yes' },
        },
      ],
      ownership: [],
      examples: [],
    },
    learning: {
      minimumDays: 2,
      minimumHours: 2,
      repeatAfterHours: 24,
      scanPorts: 10,
      scanPeers: 5,
      weakServices: ['telnet', 'tcp/23'],
      infrastructure: ['dns', 'dhcp'],
    },
    // The product's own: its rules are what is tested.
    risk: await loadRisk(RISK_FOLDER),
  }
}
