import { IsString, Matches, MaxLength } from 'class-validator';
import { tellRules } from './openapi-rules';

class RulesOfThis {
  @IsString()
  @MaxLength(7)
  @Matches(/^[a-z]+$/u)
  short!: string;

  @MaxLength(9)
  told!: string;

  @Matches(/^[a-z]+$/i)
  flagged!: string;

  @MaxLength(3, { each: true })
  list!: string[];
}

it('gives a schema the bounds of its class, where it has none of its own, and shuts it', () => {
  const property = { type: 'string' };
  const properties = { short: { ...property }, told: { ...property, maxLength: 5 }, flagged: property, list: {} };
  const schemas = { [RulesOfThis.name]: { type: 'object', properties }, NobodyKnowsThis: { type: 'object' } };
  tellRules(schemas);
  expect(schemas).toEqual({
    RulesOfThis: {
      type: 'object',
      additionalProperties: false,
      properties: {
        short: { ...property, maxLength: 7, pattern: '^[a-z]+$' },
        told: { ...property, maxLength: 5 },
        flagged: property,
        list: {},
      },
    },
    NobodyKnowsThis: { type: 'object' },
  });
});
