import { Group } from '@mantine/core'
import { DOCUMENT_PATH, addDocument, endDocument } from '@wardkeeper/contract'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { DateOf, Time } from '../../ui/Time.tsx'
import { UploadButton } from '../../ui/UploadButton.tsx'
import { say, sayBytes } from '../../ui/words.ts'
import { type Field, FormButton } from './DossierForms.tsx'
import { EndButton, type Part, PartTable, today, useSend } from './DossierParts.tsx'

const COST_FIELDS: readonly Field[] = [
  { name: 'date', label: 'Date', type: 'date', start: today() },
  {
    name: 'kind',
    label: 'Kind',
    start: 'repair',
    choices: ['purchase', 'contract', 'repair', 'parts', 'labour', 'other'].map((value) => ({
      value,
      label: say(value),
    })),
  },
  { name: 'what', label: 'For what' },
  { name: 'amount', label: 'Amount', type: 'number' },
  { name: 'currency', label: 'Currency', start: 'USD' },
]

/** What the device cost. */
export function Costs({ assetId, data }: Part) {
  const canDecide = useCan('assets:decide')
  const send = useSend(assetId, (values) => ({
    kind: 'cost',
    body: { ...values, amount: Number(values['amount']) },
  }))
  const sums = Map.groupBy(data.costs, ({ body }) => body.currency)
  return (
    <PartTable
      title="Costs"
      heads={['Date', 'Kind', 'For what', 'Amount', 'Change']}
      isEmpty={data.costs.length === 0}
      empty="No cost is written down"
      aside={
        <>
          {[...sums].map(([currency, costs]) => (
            <span key={currency} className="quiet">
              {costs.reduce((sum, { body }) => sum + body.amount, 0).toLocaleString('en-GB')}{' '}
              {currency} in all
            </span>
          ))}
          {canDecide ? (
            <FormButton label="Add a cost" title="Add a cost" fields={COST_FIELDS} send={send} />
          ) : null}
        </>
      }
    >
      {data.costs.map(({ id, body }) => (
        <tr key={id}>
          <td>
            <DateOf date={body.date} none="not known" />
          </td>
          <td>{say(body.kind)}</td>
          <td>{body.what}</td>
          <td>
            {body.amount.toLocaleString('en-GB')} {body.currency}
          </td>
          <td>
            <EndButton assetId={assetId} entryId={id} what="the cost" />
          </td>
        </tr>
      ))}
    </PartTable>
  )
}

/** Manuals, certificates and photos. */
export function Files({ assetId, data }: Part) {
  const canWrite = useCan('assets:propose')
  const canDecide = useCan('assets:decide')
  return (
    <PartTable
      title="Documents"
      heads={['Name', 'Size', 'Added', 'Change']}
      isEmpty={data.documents.length === 0}
      empty="No document yet: manuals, certificates and photos can be kept here"
      aside={
        canWrite ? (
          <Group gap={8}>
            <UploadButton
              route={addDocument}
              input={{ params: { id: assetId } }}
              label="Add a document"
              accept=".pdf,.png,.jpg,.jpeg,.txt,.csv,.docx,.xlsx"
            />
          </Group>
        ) : null
      }
    >
      {data.documents.map(({ id, name, bytes, by, added }) => (
        <tr key={id}>
          <td>
            <a href={DOCUMENT_PATH.replace(':id', id)} download>
              {name}
            </a>
          </td>
          <td>{sayBytes(bytes)}</td>
          <td>
            <Time at={added} /> <span className="quiet">by {by}</span>
          </td>
          <td>
            {canDecide ? (
              <ActionButton
                route={endDocument}
                input={({ reason }) => ({ params: { id }, body: { reason } })}
                label="Take out"
                title={`Take out ${name}`}
                says="It leaves the dossier; the file is kept."
                reason="Why?"
              />
            ) : null}
          </td>
        </tr>
      ))}
    </PartTable>
  )
}
