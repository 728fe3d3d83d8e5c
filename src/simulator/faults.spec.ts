import { FaultList, parseFault } from './faults';

const codes = (body: unknown): string[] => {
  const parsed = parseFault(typeof body === 'string' ? body : JSON.stringify(body));
  return 'problems' in parsed ? parsed.problems.map(({ pointer, code }) => `${pointer} ${code}`) : [];
};

describe('parseFault', () => {
  it('takes every kind and fills what a kind cannot do without', () => {
    expect(parseFault('{"kind":"status"}')).toEqual({ fault: { kind: 'status', status: 500 } });
    expect(parseFault('{"kind":"delay"}')).toEqual({ fault: { kind: 'delay', ms: 1_000 } });
    expect(parseFault('{"kind":"hang","count":2}')).toEqual({ fault: { kind: 'hang', count: 2 } });
    expect(parseFault('{"kind":"late_receipt"}')).toEqual({ fault: { kind: 'late_receipt', ms: 60_000 } });
  });

  it('names everything that is wrong at once', () => {
    expect(codes({ kind: 'status', status: 99, count: 0, extra: 1 })).toEqual([
      '/status not_a_whole_number_from_200_to_599',
      '/count not_a_whole_number_from_1_to_1000000',
      '/extra unknown_field',
    ]);
  });

  it.each([
    ['no JSON', 'kind=hang', [' not_a_json_object']],
    ['an array', [], [' not_a_json_object']],
    ['an unknown kind', { kind: 'fire' }, ['/kind unknown_kind']],
    ['no kind', {}, ['/kind unknown_kind']],
    ['a number as text', { kind: 'delay', ms: '5' }, ['/ms not_a_whole_number_from_0_to_600000']],
    ['a status that would have no effect', { kind: 'hang', status: 500 }, ['/status not_for_this_kind']],
  ])('refuses %s', (_case, body, expected) => {
    expect(codes(body)).toEqual(expected);
  });
});

describe('FaultList', () => {
  it('applies a fault to exactly count requests of its provider', () => {
    const faults = new FaultList();
    faults.set('telnyx', { kind: 'hang', count: 2 });
    expect(faults.take('infobip')).toBeUndefined();
    expect([faults.take('telnyx')?.kind, faults.take('telnyx')?.kind, faults.take('telnyx')]).toEqual([
      'hang',
      'hang',
      undefined,
    ]);
    expect(faults.list()).toEqual([]);
  });

  it('keeps faults of receipts in the list without touching requests', () => {
    const faults = new FaultList();
    faults.set('telnyx', { kind: 'duplicate_receipt', count: 1 });
    expect(faults.take('telnyx')).toBeUndefined();
    expect(faults.list()).toEqual([{ provider: 'telnyx', kind: 'duplicate_receipt', count: 1 }]);
  });
});
