import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { addAdvisory } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { Failed } from '../../ui/Panel.tsx'

const EMPTY = {
  id: '',
  source: '',
  link: '',
  published: '',
  cves: '',
  vector: '',
  products: '',
  fixedVersion: '',
}
type Field = keyof typeof EMPTY

const FIELDS: readonly (readonly [Field, string, string, boolean])[] = [
  ['id', 'Id of the maker', 'text', true],
  ['source', 'Published by', 'text', true],
  ['link', 'Address of the page', 'url', true],
  ['published', 'Published on', 'date', true],
  ['vector', 'CVSS vector', 'text', false],
  ['fixedVersion', 'Version that ends it', 'text', false],
]

const REMEDIES = [
  { value: 'vendor_fix', label: 'A version of the maker ends it' },
  { value: 'mitigation', label: 'It can be mitigated' },
  { value: 'workaround', label: 'There is a workaround' },
  { value: 'no_fix_planned', label: 'No fix is planned' },
  { value: 'none_available', label: 'None is available yet' },
] as const
type Remedy = (typeof REMEDIES)[number]['value']

/** An advisory that exists as a web page only, typed in once; devices are held against it at once. */
export function AdvisoryForm() {
  const change = useChange(addAdvisory)
  const [values, setValues] = useState(EMPTY)
  const [remedy, setRemedy] = useState<Remedy>('vendor_fix')
  const set = (name: Field) => (text: string) => setValues({ ...values, [name]: text })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { cves, products, vector, fixedVersion, ...rest } = values
    const body = {
      ...rest,
      remedy,
      cves: cves.toUpperCase().match(/CVE-\d{4}-\d{4,}/g) ?? [],
      products: productsOf(products),
      ...(vector.trim() !== '' && { vector }),
      ...(fixedVersion.trim() !== '' && { fixedVersion }),
    }
    change.mutate({ body }, { onSuccess: () => setValues(EMPTY) })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {FIELDS.map(([name, label, type, isNeeded]) => (
            <TextInput
              key={name}
              type={type}
              label={label}
              required={isNeeded}
              value={values[name]}
              onChange={(event) => set(name)(event.currentTarget.value)}
            />
          ))}
          <TextInput
            label="CVEs"
            value={values.cves}
            onChange={(event) => set('cves')(event.currentTarget.value)}
          />
          <Select
            label="What the maker offers"
            allowDeselect={false}
            data={REMEDIES}
            value={remedy}
            onChange={(value) => setRemedy((value ?? 'vendor_fix') as Remedy)}
          />
        </SimpleGrid>
        <Textarea
          label="Products"
          description="One a line: maker; model; versions. For example: Example Medical; Pump 300; < 2.0"
          required
          autosize
          minRows={3}
          value={values.products}
          onChange={(event) => set('products')(event.currentTarget.value)}
        />
        <div role="status">
          {change.data ? (
            <Text>
              {change.data.id} was entered.{' '}
              {change.data.unclear.length === 0
                ? ''
                : `Not understood as versions: ${change.data.unclear.join(', ')}. Devices of these stay unknown.`}
            </Text>
          ) : null}
        </div>
        {change.error ? <Failed error={change.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            Enter the advisory
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function productsOf(text: string) {
  return text
    .split('\n')
    .map((line) => line.split(';').map((cell) => cell.trim()))
    .filter(([maker]) => maker !== undefined && maker !== '')
    .map(([maker = '', model = '', range = '']) => ({ maker, model, range: range || 'vers:all/*' }))
}
