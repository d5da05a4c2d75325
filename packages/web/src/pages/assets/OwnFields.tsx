import {
  type AssetDetail,
  type CustomField,
  addCustomField,
  listCustomFields,
  setCustomValues,
} from '@wardkeeper/contract'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { say } from '../../ui/words.ts'
import { type Field, FormButton, type Values } from './DossierForms.tsx'

/** What this hospital says of the device in its own words: judged by its rules, its tags, its fields. */
export function OwnFields({ asset }: { readonly asset: AssetDetail }) {
  const fields = useCall(listCustomFields, {})
  const canDecide = useCan('assets:decide')
  return (
    <Panel
      title="In the words of this hospital"
      aside={canDecide && fields.data ? <Edit asset={asset} fields={fields.data.items} /> : null}
    >
      <dl className="facts">
        <dt>Medical device</dt>
        <dd>
          {asset.medical === undefined ? (
            <Unknown say="not decided: no rule fits" />
          ) : (
            <>
              {say(asset.medical.value)}{' '}
              <span className="quiet">by rule: {asset.medical.rule}</span>
            </>
          )}
        </dd>
        <dt>Answers for it</dt>
        <dd>
          {asset.ownership === undefined ? (
            <Unknown say="nobody, by the rules" />
          ) : (
            <>
              {asset.ownership.accountable}
              {asset.ownership.responsible === undefined
                ? ''
                : `, does it: ${asset.ownership.responsible}`}
              {asset.ownership.deputy === undefined ? '' : `, deputy: ${asset.ownership.deputy}`}{' '}
              <span className="quiet">by rule: {asset.ownership.rule}</span>
            </>
          )}
        </dd>
        <dt>Condition</dt>
        <dd>{asset.condition ?? <Unknown say="nobody wrote it down" />}</dd>
        <dt>Tags</dt>
        <dd>{asset.tags.length === 0 ? <Unknown say="none" /> : asset.tags.join(', ')}</dd>
      </dl>
      <Answer query={fields} lines={2}>
        {({ items }) => (
          <dl className="facts">
            {items.map(({ key, label }) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt>{label}</dt>
                <dd>{asset.custom[key] ?? <Unknown />}</dd>
              </div>
            ))}
          </dl>
        )}
      </Answer>
    </Panel>
  )
}

function Edit({
  asset,
  fields,
}: {
  readonly asset: AssetDetail
  readonly fields: readonly CustomField[]
}) {
  const set = useChange(setCustomValues)
  const add = useChange(addCustomField)
  const write = (given: Values, onSuccess: () => void) => {
    const { '#reason': reason = '', ...values } = given
    set.mutate({ params: { id: asset.id }, body: { values, reason } }, { onSuccess })
  }
  const create = ({ label = '', type = 'text', choices = '' }: Values, onSuccess: () => void) => {
    const list = choices
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
    add.mutate({ body: { label, type: type as CustomField['type'], choices: list } }, { onSuccess })
  }
  return (
    <>
      {fields.length === 0 ? null : (
        <FormButton
          label="Write fields"
          title="Fields of this hospital"
          fields={[
            ...fields.map((field) => inputOf(field, asset.custom[field.key])),
            { name: '#reason', label: 'How do you know?' },
          ]}
          send={{ isPending: set.isPending, error: set.error, run: write }}
        />
      )}
      <FormButton
        label="Add a field"
        title="Add a field to every device"
        fields={NEW_FIELD}
        send={{ isPending: add.isPending, error: add.error, run: create }}
      />
    </>
  )
}

const NEW_FIELD: readonly Field[] = [
  { name: 'label', label: 'Name of the field' },
  {
    name: 'type',
    label: 'Kind of value',
    start: 'text',
    choices: ['text', 'number', 'date', 'choice', 'yes-no'].map((value) => ({
      value,
      label: say(value),
    })),
  },
  { name: 'choices', label: 'Choices, by commas', isOptional: true },
]

function inputOf({ key, label, type, choices }: CustomField, value: string | undefined): Field {
  const own = type === 'choice' ? choices : type === 'yes-no' ? ['yes', 'no'] : undefined
  return {
    name: key,
    label,
    isOptional: true,
    ...(value === undefined ? {} : { start: value }),
    ...(type === 'date' || type === 'number' ? { type } : {}),
    ...(own === undefined ? {} : { choices: own.map((one) => ({ value: one, label: say(one) })) }),
  }
}
