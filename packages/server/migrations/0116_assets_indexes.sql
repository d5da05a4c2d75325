-- Nothing asks by these: what the rules say has three values and is counted over all rows, a serial number is looked for
-- in capitals (assets_serial_upper). Without them the row that a rule writes over may stay on its page, and each other
-- change of a device writes two entries less.
drop index assets_medical;
drop index assets_serial;
