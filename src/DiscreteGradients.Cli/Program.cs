System.Console.WriteLine("dgrad");
