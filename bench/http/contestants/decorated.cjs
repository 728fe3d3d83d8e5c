// Decorators in JavaScript without a build: what TypeScript emits for them, the types of parameters (emitDecoratorMetadata) included.
require('reflect-metadata');

/**
 * @param {Function} Class
 * @param {{decorators?: Function[], takes?: any[], parameters?: Record<number, Function>}} own its decorators, the types of its
 *   constructor's parameters, decorators of these by place
 * @param {Record<string, Function[] | {decorators: Function[], takes?: any[], parameters?: Record<number, Function>}>} members its properties' decorators, and its methods'
 */
function decorated(Class, own = {}, members = {}) {
  for (const [key, member] of Object.entries(members)) {
    if (Array.isArray(member)) Reflect.decorate(member, Class.prototype, key);
    else Reflect.decorate(all(member), Class.prototype, key, Object.getOwnPropertyDescriptor(Class.prototype, key));
  }
  const decorators = all(own);
  return decorators.length === 0 ? Class : Reflect.decorate(decorators, Class);
}

function all({ decorators = [], takes, parameters = {} }) {
  const ofParameters = Object.entries(parameters).map(
    ([place, decorator]) =>
      (target, key) =>
        decorator(target, key, Number(place)),
  );
  return [
    ...decorators,
    ...ofParameters,
    ...(takes === undefined ? [] : [Reflect.metadata('design:paramtypes', takes)]),
  ];
}

module.exports = { decorated };
