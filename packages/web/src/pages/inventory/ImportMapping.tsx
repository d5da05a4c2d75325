import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import {
  IMPORT_FIELDS_IN_ORDER,
  type ImportDetail,
  listImportTemplates,
  mapImport,
} from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallInput } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { Failed, Panel } from '../../ui/Panel.tsx'
import { sayFieldName } from './words.ts'

type Body = NonNullable<CallInput<typeof mapImport>['body']>
type Columns = ImportDetail['columns']
type Field = (typeof IMPORT_FIELDS_IN_ORDER)[number]

const ORDERS = [
  { value: 'auto', label: 'as the dates show' },
  { value: 'day-first', label: 'day first (31/01/2026)' },
  { value: 'month-first', label: 'month first (01/31/2026)' },
] as const

/** What each column means; every change is read and planned again, so the counts above are always those of the run. */
export function ImportMapping({ one }: { readonly one: ImportDetail }) {
  const templates = useCall(listImportTemplates, {})
  const change = useChange(mapImport)
  const canDecide = useCan('assets:decide')
  const [columns, setColumns] = useState<Columns>(one.columns)
  const [source, setSource] = useState(one.source)
  const isDirty = JSON.stringify(columns) !== JSON.stringify(one.columns) || source !== one.source
  const send = (body: Body) =>
    change.mutate(
      { params: { id: one.id }, body },
      {
        onSuccess: (answer) => {
          setColumns(answer.columns)
          setSource(answer.source)
        },
      },
    )
  const fieldOf = (at: number) =>
    Object.entries(columns).find(([, index]) => index === at)?.[0] ?? ''
  const choose = (at: number, field: string) => {
    const kept = Object.entries(columns).filter(([name, index]) => index !== at && name !== field)
    setColumns(Object.fromEntries(field === '' ? kept : [...kept, [field as Field, at]]))
  }
  if (!canDecide) return null
  return (
    <Panel title="What the columns mean">
      <Stack gap="sm">
        <Group align="flex-end" gap="md">
          <NativeSelect
            label="Written by"
            value={one.template}
            disabled={change.isPending}
            data={(templates.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => send({ template: event.currentTarget.value })}
          />
          <TextInput
            label="Name of the system"
            description="Rows with one key in one system are one record."
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          <NativeSelect
            label="Dates have"
            value={one.dateOrder}
            disabled={change.isPending}
            error={one.unclearDates.length > 0 ? 'Not clear in this file: please say' : undefined}
            data={[...ORDERS]}
            onChange={(event) =>
              send({ dateOrder: event.currentTarget.value as (typeof ORDERS)[number]['value'] })
            }
          />
          <Checkbox
            label="The file holds every device of the system"
            checked={one.isFull}
            disabled={change.isPending}
            onChange={(event) => send({ isFull: event.currentTarget.checked })}
          />
        </Group>
        <div
          className="scroll-x"
          style={{ maxHeight: 420 }}
          tabIndex={0}
          role="region"
          aria-label="Columns of the file"
        >
          <table className="rows compact" aria-label="Columns">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">For example</th>
                <th scope="col">Means</th>
              </tr>
            </thead>
            <tbody>
              {one.headers.slice(0, 50).map((header, at) => (
                <tr key={`${at} ${header}`}>
                  <td>{header || `Column ${at + 1}`}</td>
                  <td className="quiet">{(one.examples[at] ?? []).join(' · ')}</td>
                  <td>
                    <NativeSelect
                      aria-label={`${header || `Column ${at + 1}`} means`}
                      value={fieldOf(at)}
                      data={[
                        { value: '', label: 'not read' },
                        ...IMPORT_FIELDS_IN_ORDER.map((value) => ({
                          value,
                          label: sayFieldName(value),
                        })),
                      ]}
                      onChange={(event) => choose(at, event.currentTarget.value)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {change.error ? <Failed error={change.error} /> : null}
        <Group>
          <Button
            variant={isDirty ? 'filled' : 'default'}
            disabled={!isDirty}
            loading={change.isPending}
            onClick={() => send({ columns, ...(source === one.source ? {} : { source }) })}
          >
            Read it again like this
          </Button>
          {isDirty ? <Text>The counts above are still those of the mapping before.</Text> : null}
        </Group>
      </Stack>
    </Panel>
  )
}
