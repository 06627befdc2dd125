/** The package is CommonJS: what it calls its default is a property of the module. */
declare module "workerd" {
  const workerd: { default: string };
  export default workerd;
}
