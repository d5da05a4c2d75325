import { Group, SimpleGrid, Stack } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { AssetDetail, ClaimView } from '@wardkeeper/contract'
import { useState } from 'react'
import { Confidence, Unknown } from '../../ui/Claimed.tsx'
import { EvidenceTable } from '../../ui/Evidence.tsx'
import { Empty, Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { say, sayMany } from '../../ui/words.ts'
import { IdentityActions, IdentityDecisions, sayValue } from './IdentityDecisions.tsx'
import { OwnFields } from './OwnFields.tsx'

const ATTRIBUTES = [
  'type',
  'category',
  'manufacturer',
  'model',
  'serial',
  'firmware',
  'os',
] as const

/** The evidence ledger: what is claimed of this device, how sure, and what speaks for and against it. */
export function Identity({ asset }: { readonly asset: AssetDetail }) {
  const first = asset.claims.find(({ attribute }) => attribute === 'model') ?? asset.claims[0]
  const [open, setOpen] = useState<string | undefined>(first?.attribute)
  return (
    <Stack gap="md">
      <Panel title="What it is, how sure, and why" isFlush>
        {asset.claims.length === 0 ? (
          <Empty title="We do not know what this is">
            It was seen, but nothing that it sent says what it is. A longer look, or a label read at
            the device, would help: say below what it is. What was seen is under Observations.
          </Empty>
        ) : null}
        <table className="rows" aria-label="Evidence ledger">
          <thead>
            <tr>
              <th scope="col" style={{ width: 170 }}>
                Attribute
              </th>
              <th scope="col">Value</th>
              <th scope="col">Confidence</th>
              <th scope="col">For</th>
              <th scope="col">Against</th>
              <th scope="col">Decided by</th>
            </tr>
          </thead>
          <tbody>
            {ATTRIBUTES.map((attribute) => {
              const claim = asset.claims.find((one) => one.attribute === attribute)
              if (!claim) return <MissingRow key={attribute} asset={asset} attribute={attribute} />
              const isOpen = open === attribute
              return (
                <ClaimRows
                  key={attribute}
                  asset={asset}
                  claim={claim}
                  isOpen={isOpen}
                  onToggle={() => setOpen(isOpen ? undefined : attribute)}
                />
              )
            })}
          </tbody>
        </table>
      </Panel>
      <IdentityDecisions asset={asset} />
      <OwnFields asset={asset} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Names names={asset.names} />
        <Papers asset={asset} />
      </SimpleGrid>
    </Stack>
  )
}

function MissingRow({
  asset,
  attribute,
}: {
  readonly asset: AssetDetail
  readonly attribute: ClaimView['attribute']
}) {
  return (
    <tr>
      <td style={{ paddingLeft: 34 }}>{say(attribute)}</td>
      <td colSpan={4}>
        <Unknown say="not known: nothing seen says it" />
      </td>
      <td>
        <IdentityActions asset={asset} attribute={attribute} value={undefined} />
      </td>
    </tr>
  )
}

function ClaimRows({
  asset,
  claim,
  isOpen,
  onToggle,
}: {
  readonly asset: AssetDetail
  readonly claim: ClaimView
  readonly isOpen: boolean
  readonly onToggle: () => void
}) {
  const { attribute, evidence, against } = claim
  const words = sayValue(attribute, claim.value)
  return (
    <>
      <tr data-opens="" onClick={onToggle}>
        <td>
          <button
            type="button"
            className="ledger-toggle"
            aria-expanded={isOpen}
            data-row=""
            onClick={(event) => {
              event.stopPropagation()
              onToggle()
            }}
          >
            {isOpen ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
            {say(attribute)}
          </button>
        </td>
        <td>
          <b>{words}</b>
        </td>
        <td>
          <Confidence value={claim.confidence} />
        </td>
        <td>{sayMany(evidence.length, 'piece')}</td>
        <td>
          {against.length === 0 ? (
            <span className="quiet">nothing</span>
          ) : (
            sayMany(against.length, 'piece')
          )}
        </td>
        <td className="mono quiet">{claim.rule}</td>
      </tr>
      {isOpen ? (
        <tr className="ledger-evidence">
          <td colSpan={6}>
            <Group justify="flex-end" p="xs">
              <IdentityActions asset={asset} attribute={attribute} value={claim.value} />
            </Group>
            <EvidenceTable evidence={evidence} caption={`Speaks for ${words}`} />
            <EvidenceTable evidence={against} caption="Speaks against it" isAgainst />
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Names({ names }: Pick<AssetDetail, 'names'>) {
  const entries = Object.entries(names)
  return (
    <Panel title="Names it goes by">
      {entries.length === 0 ? (
        <Unknown say="no name seen on the network" />
      ) : (
        <dl className="facts">
          {entries.map(([source, name]) => (
            <div key={source} style={{ display: 'contents' }}>
              <dt>{say(source)}</dt>
              <dd className="mono">{name}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}

function Papers({ asset }: { readonly asset: AssetDetail }) {
  const learned = asset.baseline
  return (
    <Panel title="Papers and habits">
      <dl className="facts">
        <dt>Serial number</dt>
        <dd>{asset.serial ? <span className="mono">{asset.serial}</span> : <Unknown />}</dd>
        <dt>Contract</dt>
        <dd>{asset.contract ?? <Unknown say="none written down" />}</dd>
        <dt>Warranty until</dt>
        <dd>
          <DateOf date={asset.warrantyUntil} none="not known" />
        </dd>
        <dt>Behaviour</dt>
        <dd>
          {learned === undefined ? (
            <Unknown say="nothing learned yet" />
          ) : (
            `${learned.stage === 'learning' ? 'Still learning' : 'Watched'}: ${sayMany(learned.days, 'day')} of traffic, ${Math.round(learned.completeness * 100)} % of what a fair picture needs`
          )}
        </dd>
      </dl>
    </Panel>
  )
}
