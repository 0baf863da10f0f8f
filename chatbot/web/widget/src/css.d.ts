// A style sheet is its text: build.mjs makes it so.
declare module "*.css" {
  const text: string;
  export default text;
}
