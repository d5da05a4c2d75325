import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { addMds2, addSbom } from '@wardkeeper/contract'
import { useState } from 'react'
import { useHandIn } from '../../api/use-hand-in.ts'
import { FileButton } from '../../ui/FileButton.tsx'
import { Failed, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'

/** A form or a bill of materials: first what would be kept, then the person keeps it. */
export function PaperUpload() {
  const [hint, setHint] = useState({ manufacturer: '', model: '', version: '' })
  const [file, setFile] = useState<{ file: File; kind: 'mds2' | 'sbom' }>()
  const form = useHandIn(addMds2)
  const parts = useHandIn(addSbom)
  const look = (kind: 'mds2' | 'sbom', chosen: File, preview: 'true' | 'false') => {
    setFile({ file: chosen, kind })
    const query = { ...hint, preview }
    if (kind === 'mds2') {
      parts.forget()
      form.send(chosen, { query })
    } else {
      form.forget()
      parts.send(chosen, { query })
    }
  }
  const states = [form.state, parts.state] as const
  const failed = states.find((state) => state.step === 'failed')
  const isBusy = states.some((state) => state.step === 'sending')
  return (
    <Panel title="Hand in a form or a bill of materials">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {(['manufacturer', 'model', 'version'] as const).map((name) => (
            <TextInput
              key={name}
              label={LABELS[name]}
              description="Only where the document is wrong or silent"
              value={hint[name]}
              onChange={(event) => setHint({ ...hint, [name]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
        <Group gap="md">
          <FileButton
            label="MDS2 form"
            accept=".xlsx,.csv,.pdf"
            isBusy={isBusy}
            onFile={(chosen) => look('mds2', chosen, 'true')}
          />
          <FileButton
            label="SBOM or VEX"
            accept=".json,.xml,.spdx,.txt"
            isBusy={isBusy}
            onFile={(chosen) => look('sbom', chosen, 'true')}
          />
          <Text c="dimmed">You see what is in it before it is kept.</Text>
        </Group>
        <div role="status">
          {failed?.step === 'failed' ? <Failed error={failed.error} /> : null}
          {form.state.step === 'done' ? <FormPreview result={form.state.result} /> : null}
          {parts.state.step === 'done' ? <PartsPreview result={parts.state.result} /> : null}
        </div>
        {file !== undefined &&
        states.some((state) => state.step === 'done' && !state.result.isSaved) ? (
          <Group justify="flex-end">
            <Button loading={isBusy} onClick={() => look(file.kind, file.file, 'false')}>
              Keep it
            </Button>
          </Group>
        ) : null}
      </Stack>
    </Panel>
  )
}

const LABELS = { manufacturer: 'Maker', model: 'Model', version: 'Version' } as const

type Result<Hook extends () => unknown> = Hook extends () => { state: infer State }
  ? Extract<State, { step: 'done' }> extends { result: infer Value }
    ? Value
    : never
  : never

function FormPreview({ result: { form, isSaved } }: { readonly result: Result<typeof useForm> }) {
  return (
    <>
      <Text>
        {isSaved ? 'Kept: ' : ''}
        <b>
          {form.manufacturer} {form.models.join(', ')}
        </b>
        , MDS2 of {form.edition}, {sayMany(form.claims.length, 'answer')}
      </Text>
      <div
        className="scroll-x"
        style={{ maxHeight: 320 }}
        tabIndex={0}
        role="region"
        aria-label="Answers of the form"
      >
        <table className="rows compact" aria-label="Answers">
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Read as</th>
              <th scope="col">As written</th>
            </tr>
          </thead>
          <tbody>
            {form.claims.slice(0, 40).map((claim) => (
              <tr key={claim.id}>
                <td>{claim.id}</td>
                <td>{claim.answer}</td>
                <td>{claim.raw}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const useForm = () => useHandIn(addMds2)
const useParts = () => useHandIn(addSbom)

function PartsPreview({ result }: { readonly result: Result<typeof useParts> }) {
  const { manufacturer, model, range, components, total, statements, isSaved } = result
  return (
    <Text>
      {isSaved ? 'Kept: ' : ''}
      <b>
        {manufacturer} {model}
      </b>
      , {range === 'vers:all/*' ? 'no version named' : `version ${range}`}:{' '}
      {sayMany(total, 'component')}, {sayMany(statements, 'statement')}.{' '}
      {components
        .slice(0, 8)
        .map(({ name, version }) => `${name} ${version ?? '(version not named)'}`)
        .join(', ')}
      {total > 8 ? ` and ${sayCount(total - 8)} more` : ''}
    </Text>
  )
}
