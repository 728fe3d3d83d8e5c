// Every answer that ApiClient gets is held against docs/openapi.json: a member that is missing, of another type or not described fails the test
// that has seen it. So does what was sent, where it was accepted.
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import openApi from '../../docs/openapi.json';

type Schemas = Readonly<Record<string, { readonly schema: object }>>;

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly required: boolean; readonly content: Schemas };
  readonly responses: Readonly<Record<string, { readonly content?: Schemas; readonly $ref?: string }>>;
}

export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** JSON, parsed, or another text. */
  readonly sent: unknown;
  readonly status: number;
  readonly contentType: string;
  readonly received: unknown;
}

const JSON_TYPE = 'application/json';
const refusals = openApi.components.responses;
/** Claims that the operator adds are among its members. */
const openEnded = openApi.components.schemas.IntrospectionResponse;

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi', components: closed(openApi.components) });

const routes = Object.entries(openApi.paths).flatMap(([template, methods]) => {
  const parts = template.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replaceAll('.', '\\.')));
  const form = new RegExp(`^${parts.join('/')}$`);
  return Object.entries(methods as Readonly<Record<string, unknown>>).map(([method, operation]) => {
    return { method: method.toUpperCase(), form, variables: template.split('{').length, ...(operation as Operation) };
  });
});
routes.sort((one, other) => one.variables - other.variables); // users/deleted before users/{id}

const validators = new Map<object, ValidateFunction>();

/** Routes that are not described are passed over. @throws Error that says what is not as described */
export function demandDescribed({ method, path, sent, status, contentType, received }: Exchange): void {
  if (process.env['UPGRADE_FROM'] !== undefined) return; // another version has a description of its own
  const [pathname = ''] = path.split('?');
  const route = routes.find((one) => one.method === method && one.form.test(pathname));
  if (route === undefined) return;
  const { operationId, requestBody, responses } = route;
  const refusal = responses['default']?.$ref?.split('/').pop() as keyof typeof refusals;
  const response = responses[status] ?? (status >= 400 ? refusals[refusal] : undefined);
  const problems = response === undefined ? ['no such status'] : problemsOf(response.content, contentType, received);
  if (status < 300 && requestBody !== undefined) problems.push(...problemsOfSent(requestBody, sent));
  if (problems.length > 0) throw new Error(`${operationId} ${status} is not as described: ${problems.join('; ')}`);
}

/** null counts as absent, and no body as {}. */
function problemsOfSent({ content, required }: NonNullable<Operation['requestBody']>, sent: unknown): string[] {
  if (sent === undefined) return required && JSON_TYPE in content ? ['nothing was sent'] : [];
  if (typeof sent !== 'object' || sent === null) return [];
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
  return problemsOf(content, JSON_TYPE, given).map((problem) => `sent: ${problem}`);
}

function problemsOf(content: Schemas | undefined, contentType: string, value: unknown): string[] {
  if (content === undefined) return [];
  const [type = ''] = contentType.split(';');
  const schema = content[type]?.schema;
  if (schema === undefined) return [`it is ${type}`];
  const validate = validators.get(schema) ?? ajv.compile(closed(schema) as object);
  validators.set(schema, validate);
  if (validate(value)) return [];
  const told = validate.errors ?? [];
  return told.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** The same where no object has members that are not described. References lead into the whole document. */
function closed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(closed);
  const entries = Object.entries(node).map(([key, value]) => [key, key === '$ref' ? `openapi${value}` : closed(value)]);
  const isClosed = 'properties' in node && 'type' in node && node !== openEnded;
  return { ...(isClosed ? { additionalProperties: false } : {}), ...Object.fromEntries(entries) };
}
