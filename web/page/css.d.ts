/** The bundler gathers what is imported this way in main.css. */
declare module "*.css";
