import { Button, Group, Stack, TextInput } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import {
  type DossierAdvisoryView,
  type PurchaseDossierView,
  getDossier,
  reportDossier,
} from '@wardkeeper/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import { pathOf } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Mark, VerdictMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { say, sayCount, sayDate, sayMany } from '../../ui/words.ts'

const route = getRouteApi('/signed-in/dossier')

/** What is known of a model before it is bought. */
export default function DossierPage() {
  const { maker = '', model = '', version = '' } = route.useSearch()
  const isAsked = maker !== '' && model !== ''
  const query = { maker, model, ...(version === '' ? {} : { version }) }
  const dossier = useCall(getDossier, { query }, { enabled: isAsked })
  return (
    <>
      <PageHeader
        title="Purchase review"
        says="What is known of a model before it is bought"
        actions={
          isAsked ? (
            <Button
              component="a"
              href={pathOf(reportDossier, { query })}
              variant="default"
              download
            >
              PDF
            </Button>
          ) : null
        }
      />
      <Stack gap="md">
        <Panel title="Which model?">
          <Question key={`${maker} ${model} ${version}`} asked={{ maker, model, version }} />
        </Panel>
        {isAsked ? (
          <Answer query={dossier} lines={12}>
            {(data) => <Whole data={data} />}
          </Answer>
        ) : (
          <Panel>
            <Empty title="Name a maker and a model">
              Advisories and recalls so far, how long the maker takes to fix, support, MDS2, bill of
              materials, and how such devices behave here.
            </Empty>
          </Panel>
        )}
      </Stack>
    </>
  )
}

function Question({
  asked,
}: {
  readonly asked: { readonly maker: string; readonly model: string; readonly version: string }
}) {
  const [values, setValues] = useState(asked)
  const navigate = useNavigate()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const search = Object.fromEntries(
      Object.entries(values)
        .map(([name, value]) => [name, value.trim()])
        .filter(([, value]) => value !== ''),
    )
    void navigate({ to: '/dossier', search })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        {(['maker', 'model', 'version'] as const).map((name) => (
          <TextInput
            key={name}
            label={name === 'version' ? 'Version, if it is known' : say(name)}
            required={name !== 'version'}
            value={values[name]}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        <Button type="submit">Review</Button>
      </Group>
    </form>
  )
}

function Whole({ data }: { readonly data: PurchaseDossierView }) {
  return (
    <Stack gap="md">
      <Panel title="In short">
        {data.knownAs === undefined ? (
          <p>
            <Mark tone="unknown">Maker not known</Mark> Another spelling may find more.
          </p>
        ) : (
          <p>
            Maker: <strong>{data.knownAs}</strong>
          </p>
        )}
        <ul>
          {data.says.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Panel>
      <Panel title="Advisories so far" isFlush>
        {data.advisories.length === 0 ? (
          <Empty title="None that we hold names it">
            {sayMany(data.summary.lookedThrough, 'advisory', 'advisories')} were looked through.
            That is not proof of a safe device.
          </Empty>
        ) : (
          <Advisories items={data.advisories} name="Advisories" />
        )}
      </Panel>
      <Section title="Recalls so far" part={data.recalls}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="None among the recalls that we hold" />
          ) : (
            <Advisories items={items} name="Recalls" />
          )
        }
      </Section>
      <Section title="Support by the maker" part={data.support}>
        {(items) => (
          <Rows
            name="Support"
            head={['Versions', 'Supported until', 'Sold until', 'Source']}
            rows={items.map((one) => [
              one.range,
              sayDate(one.endOfSupport),
              one.endOfSale === undefined ? 'not known' : sayDate(one.endOfSale),
              one.source,
            ])}
          />
        )}
      </Section>
      <Section title="What the maker says of its security (MDS2)" part={data.mds2}>
        {(items) => (
          <Rows
            name="MDS2"
            head={['Question', 'Answer']}
            rows={items.map(({ question, answer }) => [question, answer])}
          />
        )}
      </Section>
      <Section title="What it is built of (SBOM)" part={data.sboms}>
        {(items) => (
          <Rows
            name="Bills of materials"
            head={['Versions', 'Components', 'Published', 'Source']}
            rows={items.map((one) => [
              one.range,
              sayCount(one.components),
              sayDate(one.published),
              one.source,
            ])}
          />
        )}
      </Section>
      <Section title="How such devices behave here" part={data.experience}>
        {([first]) =>
          first === undefined ? null : (
            <Rows
              name="Experience"
              head={['What', 'Here']}
              rows={[
                ['Devices', sayCount(first.devices)],
                ['Units', sayCount(first.units)],
                ['Versions', sayCounts(first.versions)],
                ['Bands of risk', sayCounts(first.bands)],
                ['In contact with', sayCounts(first.reach)],
                ['Open weaknesses', sayCounts(first.weaknesses) || 'none seen'],
                ['Services', first.services.join(', ') || 'none seen'],
              ]}
            />
          )
        }
      </Section>
    </Stack>
  )
}

function sayCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${say(name)}: ${sayCount(count)}`)
    .join(', ')
}

type Part<Item> =
  | { readonly isKnown: true; readonly items: readonly Item[] }
  | { readonly isKnown: false; readonly because: string }

function Section<Item>({
  title,
  part,
  children,
}: {
  readonly title: string
  readonly part: Part<Item>
  readonly children: (items: readonly Item[]) => ReactNode
}) {
  return (
    <Panel title={title} isFlush={part.isKnown}>
      {part.isKnown ? (
        children(part.items)
      ) : (
        <>
          <Mark tone="unknown">Not known</Mark> {part.because}
        </>
      )}
    </Panel>
  )
}

function Rows({
  name,
  head,
  rows,
}: {
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}) {
  return (
    <table className="rows compact" aria-label={name}>
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr key={[first, ...rest].join('\n')}>
            <th scope="row">{first}</th>
            {rest.map((cell, n) => (
              <td key={head[n + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Advisories({
  items,
  name,
}: {
  readonly items: readonly DossierAdvisoryView[]
  readonly name: string
}) {
  return (
    <table className="rows compact" aria-label={name}>
      <thead>
        <tr>
          <th scope="col">Advisory</th>
          <th scope="col">Published</th>
          <th scope="col">Verdict</th>
          <th scope="col" className="number">
            Worst score
          </th>
          <th scope="col">Exploited</th>
          <th scope="col">Fix</th>
          <th scope="col">Because</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={one.link} target="_blank" rel="noreferrer noopener" data-row="">
                {one.id}
              </a>
            </th>
            <td>{sayDate(one.published)}</td>
            <td>
              <VerdictMark verdict={one.verdict} />
            </td>
            <td className="number">{one.worstScore?.toFixed(1) ?? <Unknown />}</td>
            <td>
              {one.knownExploited.length > 0 ? (
                <Mark tone="strong">Known</Mark>
              ) : (
                <Unknown say="not known" />
              )}
            </td>
            <td>
              {one.daysToFix !== undefined
                ? `within ${sayMany(one.daysToFix, 'day')}`
                : one.daysOpen !== undefined
                  ? `none in ${sayMany(one.daysOpen, 'day')}`
                  : one.remedies.map(say).join(', ') || 'not known'}
            </td>
            <td>{one.because}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
