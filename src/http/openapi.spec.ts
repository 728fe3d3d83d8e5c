import { withNullTypes } from './openapi';

it('says null as JSON Schema does, and leaves a property called nullable alone', () => {
  const document = {
    plain: { type: 'string', nullable: false },
    text: { type: 'string', nullable: true, example: 'x' },
    choice: { type: 'string', nullable: true, enum: ['a'] },
    reference: { allOf: [{ $ref: '#/x' }], nullable: true },
    described: { type: 'object', allOf: [{ $ref: '#/x' }], nullable: true, description: 'x' },
    properties: { nullable: { type: 'boolean' } },
  };
  expect(withNullTypes(document)).toEqual({
    plain: { type: 'string' },
    text: { type: ['string', 'null'], example: 'x' },
    choice: { type: ['string', 'null'], enum: ['a', null] },
    reference: { anyOf: [{ allOf: [{ $ref: '#/x' }] }, { type: 'null' }] },
    described: { anyOf: [{ allOf: [{ $ref: '#/x' }] }, { type: 'null' }], description: 'x' },
    properties: { nullable: { type: 'boolean' } },
  });
});
